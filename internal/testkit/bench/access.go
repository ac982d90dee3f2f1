package main

import "context"

func (b *bench) access(ctx context.Context) error { return nil }
