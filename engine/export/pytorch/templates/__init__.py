"""The modules of an exported folder: ordinary Python modules that need PyTorch, one for each shape of network.

Each shape (`one_to_many`, `many_to_one`, …) becomes the `model.py` of an exported folder, together with the shared
modules that it imports from here (`text`, `folder`, `symbol_reader` …). Everything that differs between two networks of
one shape is in the folder's config.json and vocabulary.json. `scripts` has the small program that goes with each verb.
"""
