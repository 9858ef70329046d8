"""Uses a report as a reader does: `drive.py TASK PAGE [RECORDS]`. Fails where it is not as the records say."""

import collections
import json
import sys
import time

from browser import column, found, opened, until

# The columns of the list, from 1.
NUMBER, CLOSE_WAIT = 1, 9


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def overview(path, records):
    """The counts of the overview are those of the records."""
    records = read(records)
    with opened(path) as page:
        kinds = collections.Counter(record["kind"] for record in records)
        for kind, count in kinds.items():
            row = page.locator("table.bars tr", has=page.locator(f"code:text-is('{kind}')"))
            assert row.locator("td.number").first.inner_text() == str(count), kind
        assert page.locator(".tile strong").first.inner_text() == str(len(records))
        assert page.locator("svg.chart").count() == 4
        findings = collections.Counter(
            id for record in records for id in {finding["id"] for finding in record["findings"]}
        )
        for id, count in findings.items():
            rows = page.locator("table.bars tr", has=page.locator(f"a[title='{id}']"))
            shown = [int(row.locator("td.number").first.inner_text()) for row in rows.all()]
            assert sum(shown) == count, (id, shown, count)


def table(path, records):
    """The list sorts and filters as it says."""
    records = read(records)
    with opened(path, "#view=connections") as page:
        assert found(page) == len(records)
        page.click("#sort-close_wait")
        longest = max(records, key=lambda record: record["durations_ns"]["close_wait"] or -1)
        assert column(page, NUMBER)[0] == str(longest["connection"])
        assert page.get_attribute("th:has(#sort-close_wait)", "aria-sort") == "descending"
        page.click("#sort-close_wait")
        page.wait_for_selector("th[aria-sort=ascending] #sort-close_wait")
        known = [text for text in column(page, CLOSE_WAIT) if text != "–"]
        assert known and known == column(page, CLOSE_WAIT)[: len(known)], "what is not known comes last"
        page.click("#sort-number")
        page.wait_for_selector("th[aria-sort=ascending] #sort-number")
        numbers = [int(number) for number in column(page, NUMBER)]
        assert numbers == sorted(record["connection"] for record in records)[:50], numbers
        page.click("#next_page-above")
        until(page, lambda: "page=2" in page.url, "page 2")
        page.wait_for_selector("#previous_page-above:enabled")
        assert int(column(page, NUMBER)[0]) == numbers[-1] + 1

        page.select_option("#filter-kind", "reset")
        resets = sum(record["kind"] == "reset" for record in records)
        until(page, lambda: found(page) == resets, "resets")
        page.click("#clear")
        page.fill("#filter-text", "[fd77:3::1]:42079")
        until(page, lambda: found(page) == 1, "one end")
        assert page.evaluate("document.activeElement.id") == "filter-text"
        page.select_option("#filter-kind", "refused")
        until(page, lambda: found(page) == 0, "none")


def connection(path, records):
    """A link leads to a connection; back and forward work; what is shown is the record."""
    record = next(record for record in read(records) if record["connection"] == 3)
    with opened(path, "#connection=3") as page:
        assert "Connection 3" in page.inner_text("h2")
        assert page.title().startswith("Connection 3")
        for end in ["client", "server"]:
            assert record[end] in page.inner_text(".ends")
        for finding in record["findings"]:
            assert finding["text"] in page.inner_text("main"), finding["id"]
        for peer in ["client", "server"]:
            for step in record["path"][peer]:
                assert step["state"] in page.text_content(".ladder svg")
        page.click("summary:has-text('states as a table')")
        for peer in ["client", "server"]:
            for step in record["path"][peer]:
                assert step["state"] in page.inner_text("table.path")
        ink = "getComputedStyle(document.querySelector('.ladder text.ink')).fill"
        assert page.evaluate(ink) != "rgb(0, 0, 0)", "the ladder has its colours"
        page.select_option("#language", "zh-CN")
        page.wait_for_selector(".ladder svg[lang=zh-CN]")
        page.select_option("#language", "en")
        page.wait_for_selector(".ladder svg[lang=en]")
        page.click("summary:has-text('lines of JSON')")
        lines = page.inner_text("pre").strip().split("\n")
        assert json.loads(lines[0]) == record
        assert {json.loads(line)["record"] for line in lines[1:]} <= {"segment", "event"}
        page.click("#next")
        page.wait_for_selector("h2:not(:has-text('Connection 3 '))")
        page.go_back()
        page.wait_for_selector("h2:has-text('Connection 3 ')")
        page.go_forward()
        page.wait_for_selector("h2:not(:has-text('Connection 3 '))")
        page.goto(page.url.split("#")[0] + "#connection=99999")
        page.wait_for_selector("text=does not show a connection 99999")


def command(path, line):
    """The command line that says more of connection 1."""
    with opened(path, "#connection=1") as page:
        assert page.inner_text("code.command") == line, page.inner_text("code.command")


def notices(path, *expected):
    """What the page says of itself, in both languages."""
    with opened(path) as page:
        # A paragraph, or paragraphs in a box.
        texts = lambda: [text for box in page.locator(".notice").all_inner_texts() for text in box.split("\n") if text]
        assert texts() == list(expected), texts()
        page.select_option("#language", "zh-CN")
        page.wait_for_selector("#views a:has-text('概览')")
        chinese = texts()
        assert len(chinese) == len(expected) and all("。" in text for text in chinese), chinese


def language(path):
    """Every heading, label and button is there in both languages."""
    chosen = "h2, h3, label > span, nav a, nav button, thead th, summary, dt, form > label, footer"
    for place in ["", "#view=connections", "#connection=3"]:
        with opened(path, place) as page:
            texts = lambda: page.locator(chosen).all_inner_texts()
            english = texts()
            page.select_option("#language", "zh-CN")
            page.wait_for_selector("html[lang=zh-CN]")
            page.wait_for_selector("#views a:has-text('概览')")
            chinese = texts()
            assert len(english) == len(chinese) > 10
            # Codes and names of states are the same in every language.
            same = {one for one, other in zip(english, chinese) if one == other and one.strip()}
            assert same <= {"CLOSE-WAIT", "LAST-ACK", "CLOSE-WAIT ", "p50", "p90", "p99", "max", "%"}, same


def skipped(path, english, chinese):
    """Why a packet was skipped is said in the language of the page."""
    with opened(path) as page:
        reason = lambda: page.locator("details.card th[scope=row]").first.text_content()
        assert reason() == english, reason()
        page.select_option("#language", "zh-CN")
        page.wait_for_selector("#views a:has-text('概览')")
        assert reason() == chinese, reason()


def colours(path):
    """Light and dark follow the system, and the switch."""
    for scheme, other in [("light", "dark"), ("dark", "light")]:
        with opened(path, color_scheme=scheme) as page:
            ground = lambda: page.evaluate("getComputedStyle(document.body).backgroundColor")
            before = ground()
            page.select_option("#theme", other)
            assert ground() != before
            page.select_option("#theme", scheme)
            assert ground() == before


def keyboard(path):
    """Without a mouse: to a column, sort, filter, open; the focus stays where it was."""
    with opened(path, "#view=connections") as page:
        focused = lambda: page.evaluate("document.activeElement.id")
        for _ in range(30):
            page.keyboard.press("Tab")
            if focused() == "sort-length":
                break
        assert focused() == "sort-length"
        page.keyboard.press("Enter")
        page.wait_for_selector("th[aria-sort=descending] #sort-length")
        assert focused() == "sort-length"
        page.keyboard.press("Space")
        page.wait_for_selector("th[aria-sort=ascending] #sort-length")
        page.focus("table.list tbody a")
        page.keyboard.press("Enter")
        page.wait_for_selector("#detail-title")
        assert focused() == "detail-title"
        landmarks = ["banner", "navigation", "main", "contentinfo"]
        assert all(page.get_by_role(role).count() > 0 for role in landmarks)
        assert page.get_by_role("status").count() == 1


def harmless(path, *texts):
    """What looks like HTML in a capture is text."""
    with opened(path) as page:
        elements = page.evaluate("document.querySelectorAll('img, iframe, object, embed, link').length")
        assert elements == 0, elements
        page.goto(page.url.split("#")[0] + "#connection=1")
        page.wait_for_selector("#detail-title")
        for details in page.locator("main details").all():
            details.evaluate("it => { it.open = true; }")
        shown = page.inner_text("body")
        for text in texts:
            assert text in shown, text
        assert page.evaluate("document.querySelectorAll('img, iframe, main script').length") == 0
        assert page.evaluate("typeof injected") == "undefined"


def fast(path, most):
    """A page with many connections can be used soon after it was opened, and does not freeze."""
    with opened(path) as page:
        taken = page.evaluate("performance.now()") / 1000
        assert taken < float(most), f"{taken} s after loading began"
        for act, there in [
            (lambda: page.click("[data-view=connections]"), "table.list"),
            (lambda: page.click("#sort-client"), "th[aria-sort=ascending] #sort-client"),
            (lambda: page.click("#last_page-above"), "#last_page-above:disabled"),
        ]:
            start = time.monotonic()
            act()
            page.wait_for_selector(there)
            assert time.monotonic() - start < float(most), there
        assert page.locator("table.list tbody tr").count() <= 50
        print(f"{taken:.2f}")


if __name__ == "__main__":
    task, *arguments = sys.argv[1:]
    globals()[task](*arguments)
