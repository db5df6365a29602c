"""Tests: folders mirror the packages; journeys/ walks whole roundtrips, browser/ the pages."""
