"""Figures from results, in one look. The only place that imports plotly."""

from kpi.charts.point import Point
from kpi.charts.trend import trend

__all__ = ["Point", "trend"]
