"""Bar charts, as SVG that is light or dark as its reader is."""

from xml.sax.saxutils import escape

WIDTH, LABEL, VALUE = 720, 230, 60  # px; the bars have what is left
BAR, GAP, HEAD = 18, 6, 26

STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-size: 15px; font-weight: 600; }
  .group { font-weight: 600; }
  .back { fill: #ffffff; }
  .one { stroke: #57606a; stroke-dasharray: 3 3; }
  .node { fill: #0969da; } .nginx { fill: #8c959f; }
  .go { fill: #1b7c83; } .nodejs { fill: #bf8700; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .back { fill: #0d1117; }
    .one { stroke: #8b949e; }
    .node { fill: #4493f8; } .nginx { fill: #6e7681; }
    .go { fill: #39c5cf; } .nodejs { fill: #d29922; }
  }
"""


def _text(x, y, text, css="", anchor="start"):
    return (f'<text x="{x:.0f}" y="{y:.0f}" class="{css}" '
            f'text-anchor="{anchor}">{escape(text)}</text>')


def bars(title, groups):
    """`groups`: (heading, [(label, system, ratio)]). A dashed line is at 1."""
    most = max(ratio for _, rows in groups for _, _, ratio in rows)
    scale = (WIDTH - LABEL - VALUE) / max(1.0, most)
    at = LABEL + scale
    y, parts = 44, []
    for heading, rows in groups:
        parts.append(_text(12, y + 14, heading, "group"))
        y += HEAD
        began = y
        for label, system, ratio in rows:
            css = system.replace(".", "")
            parts += [
                _text(LABEL - 8, y + 14, label, anchor="end"),
                f'<rect x="{LABEL}" y="{y}" width="{ratio * scale:.1f}" '
                f'height="{BAR}" rx="2" class="{css}"/>',
                _text(LABEL + ratio * scale + 6, y + 14, f"{ratio:.2f}")]
            y += BAR + GAP
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{began - 3}" '
                     f'y2="{y - GAP + 3}" class="one"/>')
        y += GAP
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 8}" '
        f'width="{WIDTH}" height="{y + 8}" role="img">',
        f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>",
        f'<rect class="back" width="{WIDTH}" height="{y + 8}"/>',
        _text(12, 24, title, "title"), *parts, "</svg>", ""])
