"""What Oceana 3.5 is, as data: resources, procedures, scenarios, order, invariants, and their loader.

In: `oceana_3_5/**/*.yaml`, the source; `oceana_3_5.json`, compiled from it and shipped. Out: typed data.
Knowledge of the product must never leak from here into code: adding a release is adding a folder.
"""
