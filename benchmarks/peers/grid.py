"""The grid's rows by bare Jinja: values that are ready, one template, no application around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment

if TYPE_CHECKING:
    from collections.abc import Sequence

_PAGE = """
<table>
{% for title in titles %}
  <tbody id="line-{{ title.line_id }}">
    <tr><th colspan="{{ columns|length + 1 }}"><span id="t{{ title.number }}">{{ title.name }}</span>
      <span>{{ title.facts }}</span> <span>{{ title.sum }}</span>
      <input type="hidden" name="line-{{ title.number }}-line_id" value="{{ title.line_id }}">
      <input type="hidden" name="line-{{ title.number }}-seen" value="{{ title.seen }}">
      <input name="line-{{ title.number }}-share" value="" list="shares" aria-labelledby="t{{ title.number }}">
      <button name="more" value="{{ title.line_id }}">Ny rad</button></th></tr>
    {% for row in title.rows %}
    {% set place = loop.index0 %}
    <tr><td data-label="Antall"><input name="line-{{ title.number }}-group-{{ place }}-count" value="{{ row.count }}" inputmode="numeric" aria-labelledby="n t{{ title.number }}"></td>
    {% for column in columns %}<td data-label="{{ column }}"><input name="line-{{ title.number }}-group-{{ place }}-{{ column }}" value="{{ row[column] }}" list="l{{ loop.index0 }}" aria-labelledby="c{{ loop.index0 }} t{{ title.number }}"></td>{% endfor %}</tr>
    {% endfor %}
  </tbody>
{% endfor %}
</table>
"""  # noqa: E501 - the same cells as ours

_TEMPLATE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(_PAGE)


def build(titles: Sequence[dict[str, Any]], columns: Sequence[str]) -> str:
    """The table."""
    return _TEMPLATE.render(titles=titles, columns=columns)
