"""The demo (示例): public registers read, an invented township's books kept, and three attempts on them.

Real registers are only ever read. Every invented deed happens in the fictional 示例县青溪乡 and is marked 示例数据 (D22).
"""
