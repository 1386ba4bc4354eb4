"""Somebody without a mouse: Tab, Enter, Space, arrows and letters, and where the focus is after each."""

HERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect();
  const outlined = [at, at.closest("label")].filter(Boolean).map((one) => getComputedStyle(one)).some(
    (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== "none");
  return {
    tag: at.tagName.toLowerCase(), type: at.type || "", name: at.name || "", code: at.dataset.todo || "",
    href: at.getAttribute("href") || "", words: (at.innerText || at.value || "").trim(),
    primary: at.classList.contains("btn-primary"), inMain: !!at.closest("main"),
    act: at.matches("tbody a.btn, tbody button, main li a.btn, main li button"),
    seen: outlined || at.tagName === "MAIN" || /^H[1-6]$/.test(at.tagName),
    inView: box.bottom > 0 && box.top < innerHeight,
  };
}"""


class Keys:
    """The keyboard of a visitor. Every stop of the focus has to be seen."""

    def __init__(self, someone):
        self.page = someone.page

    def here(self):
        """What has the focus; None where nothing has."""
        return self.page.evaluate(HERE)

    def tab_to(self, wanted, *, most=150):
        """Tab on until something is reached; fails where the focus can't be seen, or never comes there."""
        stops = []
        for _press in range(most):
            self.page.keyboard.press("Tab")
            at = self.here()
            if at is None:
                continue
            stops.append(f"{at['tag']}: {at['words'][:30]}")
            assert at["seen"], f"{self.page.url}: nobody sees that the focus is on {at}"
            if wanted(at):
                assert at["inView"], f"{self.page.url}: {at} is out of view"
                return at
        raise AssertionError(f"{self.page.url}: never reached; {stops[-12:]}")

    def press(self, key="Enter"):
        """A key that leads on."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.page.wait_for_load_state()

    def skip(self):
        """Past the menus, by the link that is there for it."""
        self.tab_to(lambda at: at["href"] == "#main", most=2)
        self.page.keyboard.press("Enter")

    def home(self):
        """Back to the overview by its place in the menu."""
        self.page.keyboard.press("Control+Home")
        self.tab_to(lambda at: at["href"] == "/" and at["tag"] == "a")
        self.press()

    def type(self, text):
        """Words into the field that has the focus."""
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
