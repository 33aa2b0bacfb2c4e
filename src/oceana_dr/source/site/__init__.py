"""The site language: what may stand in `sites/<site>/site.yaml`, as pydantic models.

In: merged plain data. Out: a frozen `Site`, or pydantic's errors (reworded in `source/model_errors.py`).
A model must never hold what the compiler derives (deployed, maintenance, roles, states), nor a secret's value.
"""
