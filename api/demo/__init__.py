"""The demo (示例): public registers read, an invented township's books kept, and three attempts on them.

Real registers are only ever read. Every invented deed happens in the fictional 示例县青溪乡 and is marked 示例数据 (D22).

`story` tells the eight steps by `telling`, with what every step has at hand on its `stage`: `site` is where it stands, `cast` who
takes part, `opening` what comes before. `entering` tells steps 1 and 2, `estate` 3 and 6, `disposing` 4 and 5 over the server of
`served`; `attacks` are done on copies.
"""
