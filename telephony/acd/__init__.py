"""Automatic contact distribution: `eligibility` and `router` decide (pure), `dispatcher` carries out."""
