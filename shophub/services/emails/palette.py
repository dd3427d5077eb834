"""The shop's colours for e-mails: the tokens of ``assets/theme.css`` as hex, because mail programs know no OKLCH."""

LIGHT = {
    "bg": "#fbfaf7",
    "surface": "#ffffff",
    "sunken": "#f4f2ee",
    "line": "#e2dfda",
    "ink": "#151b21",
    "ink2": "#4a5158",
    "ink3": "#60676f",
    "brand": "#00627a",
    "on_brand": "#ffffff",
    "accent": "#fbbb2d",
    "success": "#206b38",
}
DARK = {
    "bg": "#0c1014",
    "surface": "#14191e",
    "sunken": "#1d2228",
    "line": "#2b3137",
    "ink": "#f2f0ec",
    "ink2": "#bdbab3",
    "ink3": "#a19e98",
    "brand": "#64cce0",
    "on_brand": "#051920",
    "accent": "#fbbb2d",
    "success": "#78d694",
}
