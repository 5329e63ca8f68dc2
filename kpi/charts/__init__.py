"""Figures from results, in one look. The only place that imports plotly."""

from kpi.charts.trend import Point, trend

__all__ = ["Point", "trend"]
