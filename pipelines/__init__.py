"""Dataset refreshes that people can see: Dagster assets over the steps of ``leadspro_engine.refresh``.

``python -m pipelines`` prepares Dagster's home inside the data folder and opens the UI.
"""
