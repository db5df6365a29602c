-- Rows as the first release stored them: an order that was placed, one put aside, and copies that belong to one.
INSERT INTO agreement (id, name, enabled, revision, body, updated_at)
VALUES ('boe', 'Bø', true, 1, '{}', '2026-03-02T12:00:00.000000+00:00');

INSERT INTO line_token (agreement_id, token, cart_id, line_id) VALUES ('boe', 'T1', 'cart-1', 'line-1');

INSERT INTO returned_cart (agreement_id, quote_id, frozen_at, cart)
VALUES ('boe', 'PS-1', '2026-03-02T12:00:00.000000+00:00', '{"quote_id": "PS-1", "customer_number": "100234", "cart_id": "cart-1", "frozen_at": "2026-03-02T09:30:00+00:00", "valid_until": "2026-04-01T09:30:00+00:00", "operation_allowed": "edit", "unchanged": false, "order_name": "", "delivery_address_id": "", "currency": "NOK", "lines": [], "tax": {"amount": "0.00", "currency": "NOK"}}');

INSERT INTO returned_line (agreement_id, quote_id, number, token, product_id, line)
VALUES ('boe', 'PS-1', 1, 'T1', '1', '{"number": 1, "line_token": "T1", "line_id": "line-1", "product_id": "9788200000006", "description": "Fåfengt æøå", "quantity": 3, "unit_price": {"amount": "199.00", "currency": "NOK"}, "tax_rate": "0", "unit": "EA", "classification": "55101500", "short_name": "", "publisher": "", "lead_time_days": null, "copies": [{"number": 1, "codes": {"branch_code": "HBØ0", "collection_code": "", "shelf_location": "", "shelf_mark": "", "classification": "", "item_type": "", "loan_category": "", "fund_code": "", "servicing_code": "", "servicing_text": "", "note": ""}, "barcode": "", "copy_id": ""}, {"number": 2, "codes": {"branch_code": "HBØ1", "collection_code": "", "shelf_location": "", "shelf_mark": "", "classification": "", "item_type": "", "loan_category": "", "fund_code": "", "servicing_code": "", "servicing_text": "", "note": ""}, "barcode": "", "copy_id": ""}, {"number": 3, "codes": {"branch_code": "HBØ2", "collection_code": "", "shelf_location": "", "shelf_mark": "", "classification": "", "item_type": "", "loan_category": "", "fund_code": "", "servicing_code": "", "servicing_text": "", "note": ""}, "barcode": "", "copy_id": ""}], "extrinsics": [], "note": ""}');

INSERT INTO purchase_order (agreement_id, id, reference, payload_id, order_id, order_version,
"order", deployment, state, hold_reasons, content_hash, shop_orders, shop_order_numbers, received_at,
moved_at) VALUES ('boe', 'order-1', 'R-order-1', '1@x', 'PO-1', '', '{"order_id": "PO-1", "order_date": "2026-03-02", "lines": [{"number": 1, "product_id": "9788200000006", "quantity": "3", "line_token": "TTTTTTTTTTTTTTTTTTTT", "description": "", "unit": "", "unit_price": null, "classification": "", "requisition_id": "", "requested_delivery": "", "ship_to": null, "comments": "", "accounting": [], "extrinsics": []}], "type": "new", "order_kind": "regular", "version": "", "requisition_id": "", "total": null, "ship_to": null, "bill_to": null, "supplier_order_id": "", "previous_payload_id": "", "requested_delivery": "", "comments": "Lever på Bø", "contacts": [], "extrinsics": []}', 'production',
'placed', '[]', '', '[]', '[]', '2026-03-02T12:00:00.000000+00:00', '2026-03-02T12:00:00.000000+00:00');

INSERT INTO purchase_order (agreement_id, id, reference, payload_id, order_id, order_version,
"order", deployment, state, hold_reasons, content_hash, shop_orders, shop_order_numbers, received_at,
moved_at) VALUES ('boe', 'order-2', 'R-order-2', '1@x', 'PO-1', '~ab12', '{"order_id": "PO-1", "order_date": "2026-03-02", "lines": [{"number": 1, "product_id": "9788200000006", "quantity": "3", "line_token": "TTTTTTTTTTTTTTTTTTTT", "description": "", "unit": "", "unit_price": null, "classification": "", "requisition_id": "", "requested_delivery": "", "ship_to": null, "comments": "", "accounting": [], "extrinsics": []}], "type": "new", "order_kind": "regular", "version": "", "requisition_id": "", "total": null, "ship_to": null, "bill_to": null, "supplier_order_id": "", "previous_payload_id": "", "requested_delivery": "", "comments": "Lever på Bø", "contacts": [], "extrinsics": []}', 'production',
'held', '["duplicate.order"]', '', '[]', '[]', '2026-03-02T12:00:00.000000+00:00', '2026-03-02T12:00:00.000000+00:00');

INSERT INTO line_copy (agreement_id, token, number, order_key) VALUES ('boe', 'T1', 1, 'order-1')
