// What comes by itself follows in the next step; the page is whole without it.
