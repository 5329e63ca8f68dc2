"""What is missing as a picture: a figure in every cell that has one, readable on its colour."""

from kpi.charts.coverage import missing


def test_each_cell_is_drawn_once():
    shares = [[0.0, 0.5, None], [1.0, 0.25, 0.75]]
    for theme in ("light", "dark"):
        made = missing(
            ["a", "b"], ["jan", "feb", "mrt"], shares, lambda s: f"{s:.0%}",
            lambda row, column: f"{row}/{column}", theme,
        )  # fmt: skip
        for row, line in enumerate(shares):
            for column, share in enumerate(line):
                drawn = [trace for trace in made.data if trace.z[row][column] is not None]
                assert len(drawn) == (share is not None)
                for trace in drawn:
                    assert trace.text[row][column] == f"{share:.0%}"
                    assert trace.hovertext[row][column] == f"{row}/{column}"
