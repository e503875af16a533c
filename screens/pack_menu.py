"""Under an answer: the menu by which its evidence is saved as a file."""

from __future__ import annotations

from urllib.parse import quote

from screens.markup import escape
from screens.texts import Texts

_SAVE = {"zh": "依据文件", "en": "Evidence file"}
_KINDS = {"docx": "Word", "xlsx": "Excel"}


def render_pack_menu(ticket: str, texts: Texts) -> str:
    """A button that opens into one link a kind of file; works without a script."""
    links = "".join(
        f'<a href="/pack/{quote(ticket)}.{kind}?language={texts.language}" download>{escape(name)}</a>' for kind, name in _KINDS.items()
    )
    return f'<details class="pack"><summary>{escape(_SAVE[texts.language])}</summary><span>{links}</span></details>'
