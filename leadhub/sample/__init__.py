"""The sample company: StockWise, which sells warehouse software; a believable year of it from one seed."""
