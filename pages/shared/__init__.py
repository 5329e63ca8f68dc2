"""What pages share: data, filters, components, tables, charts, downloads and empty states."""
