package main

import "github.com/klatch/klatch/fault"

func markdown(entries []fault.Entry) []byte { return nil }
