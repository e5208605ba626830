"""A question becomes a cited answer, a draft its verdicts. Read pipeline.py first, then checking.py.

Here stands what is done; the rooms hold what is asked on the way, each knowing those above it and none below:

    language/    how questions, claims and reports put things
    questions/   a question before it is answered
    answers/     what of the passages found answers
    checks/      what a claim is held against
    models/      language models
    web/         what stands around the page
"""
