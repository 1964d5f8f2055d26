"""Array code that turns millions of rows of text into ids.

Reading a file row by row in Python takes seconds for every million rows. Here every operation handles many rows at
once, with NumPy, on the bytes of a block of the file:

    block of text  --text_array-->  bytes, and where each text starts and ends in them
                   --csv_rows---->  the wanted fields of each row             (tables)
                   --encode------>  draft ids of symbols, and how many each row has
                   --ragged------>  one flat array of ids, and the offsets of the rows

`text_array.Texts` is a sequence of texts that share one buffer of UTF-8. Stripping and splitting move starts and ends
and leave the bytes alone, and no Python string is made until one is asked for. Every buffer ends with padding, so that
eight bytes can be read from any position as one integer.

`symbol_ids.SymbolIds` maps texts to ids with a hash table made of arrays: it looks up all texts of a block in a few
passes, each of which handles only the texts that collided in the one before. New texts get the next free ids.

`encode` splits rows into symbols. Most words and characters are found in the bytes; only rows that need it (combining
characters, unusual punctuation) take the slow path through the rules of `engine.data.codec`, and each distinct piece
takes it only once. Ids start out as drafts, in order of appearance: the vocabulary is ordered by training counts, which
are not known until everything has been read and split.

`dataset_builder.DatasetBuilder` drives this: readers add batches of rows (`row_batch.RowBatch`); `finish` drops, splits
and counts rows, orders the vocabulary, and replaces the draft ids in place, so that the rows are never in memory twice.

`belonging` compares a validation or test file with the training data: labels, words and spelling that are new.

`ragged.Ragged` is the result: immutable rows in one array, in the narrowest integer type when there are many.

Long loops work on blocks of rows that fit into the cache. That also keeps single NumPy calls short, so that a window
in another thread can keep drawing.
"""
