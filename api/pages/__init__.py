"""Pages for people: server-rendered, in Chinese, without a script; they only read.

install.py    every page as part of the application
pages.py      the routes: home, lists, subjects, in the reader's area
login.py      the one-time link of `bangfu login` becomes a cookie
overview.py   what the home page counts
show.py       values in words: what templates may call
templates/    Jinja2, everything escaped
static/       one style sheet, for screens and for paper
"""
