"""Drawn pictures of products, so that the shops need no photographs."""

from adapters.sandbox.state import Doc

_MOTIFS = (
    '<rect x="60" y="120" width="120" height="22" rx="6"/><rect x="60" y="92" width="120" height="22" rx="6"/>'
    '<rect x="60" y="64" width="120" height="22" rx="6"/>',
    '<rect x="64" y="56" width="112" height="112" rx="10"/>'
    '<rect class="cut" x="80" y="72" width="80" height="80" rx="4"/>',
    '<path d="M84 168V92a20 20 0 0 1 40 0v76zM128 168v-56a18 18 0 0 1 36 0v56z"/>',
    '<path d="M92 80h56v88a8 8 0 0 1-8 8h-40a8 8 0 0 1-8-8zM104 56h32v20h-32z"/>',
    '<circle cx="120" cy="112" r="56"/><circle class="cut" cx="120" cy="112" r="30"/>'
    '<circle cx="120" cy="112" r="14"/>',
    '<path d="M72 104h72V60a14 14 0 0 1 28 0v58a14 14 0 0 1-14 14H86v36H72z"/>',
    '<path d="M72 56h28v84h72v28H72z"/><circle class="cut" cx="86" cy="84" r="6"/>'
    '<circle class="cut" cx="140" cy="154" r="6"/>',
    '<rect x="76" y="52" width="88" height="120" rx="4"/>'
    '<path class="cut" d="M92 76h56v6H92zm0 20h56v6H92zm0 20h36v6H92z"/>',
    '<path d="M112 48h16v64h24l-32 36-32-36h24z"/><rect x="72" y="158" width="96" height="14" rx="4"/>',
    '<path d="M96 84a24 24 0 0 1 48 0v92H96zM112 48h40v10h-40z"/>',
    '<path d="M66 150l78-78 26 26-78 78H66z"/><circle cx="160" cy="66" r="12"/>',
    '<path d="M120 52a60 60 0 1 1-.1 0zm0 34a26 26 0 1 0 .1 0z" fill-rule="evenodd"/>'
    '<rect x="112" y="160" width="16" height="24"/>',
    '<path d="M92 56h16l12 16 12-16h16l32 26-16 24-10-6v72H86v-72l-10 6-16-24z"/>',
)
# Goods whose place in the catalog is not their motif.
_BY_SKU = {"SO-JKT-RDG": 12, "SO-BTS-QRY": 2, "SO-HTR-900": 10, "SO-DRY-60": 3, "SO-HRN-CRW": 4, "SO-DL-MAPS": 8}


def picture(product: Doc) -> str:
    """A motif on a quiet ground, chosen by the product."""
    number = product["id"] - 80
    hue = (number * 47 + 160) % 360
    motif = _MOTIFS[_BY_SKU.get(product["sku"], number % 12)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 224" role="img" aria-hidden="true">'
        f"<style>.ground,.cut{{fill:hsl({hue} 28% 91%)}}.thing{{fill:hsl({hue} 32% 38%)}}</style>"
        f'<rect class="ground" width="240" height="224"/><g class="thing">{motif}</g></svg>'
    )
