using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.Testing.Storage;

public abstract partial class StateStoreContract
{
    [Fact]
    public async Task A_batch_inserts_replaces_and_deletes_together()
    {
        var (replaced, deleted) = (await InsertAsync(Key("replaced")), await InsertAsync(Key("deleted")));
        await InsertAsync(Key("dropped"));

        Assert.True(await _store.TryCommitAsync(
            Table,
            "p",
            [
                Insert("inserted", "2"),
                new StateChange.Replace("replaced", replaced, Json("2"), InAnHour.AddHours(1)),
                new StateChange.Delete("deleted", deleted),
                new StateChange.Delete("dropped"),
            ],
            Cancel));

        Assert.Equal(["inserted", "replaced"], await RowsAsync());
        Assert.Equal("2", await TextAsync(Key("replaced")));
        Assert.NotEqual(replaced, (await _store.FindAsync(Key("replaced"), Cancel))?.ETag);
        Assert.Equal(InAnHour.AddHours(1), (await _store.FindAsync(Key("replaced"), Cancel))?.ExpiresAt);
    }

    [Fact]
    public async Task A_batch_with_an_insert_over_a_live_row_changes_nothing()
    {
        var etag = await InsertAsync(Key("b"), "live");
        await InsertAsync(Key("d"), "dropped");

        Assert.False(await _store.TryCommitAsync(Table, "p", [Insert("a"), new StateChange.Delete("d"), Insert("b"), Insert("c")], Cancel));

        Assert.Equal(["b", "d"], await RowsAsync());
        Assert.Equal(etag, (await _store.FindAsync(Key("b"), Cancel))?.ETag);
    }

    [Fact]
    public async Task A_batch_that_replaces_an_older_version_changes_nothing()
    {
        var stale = await InsertAsync(Key("a"), "first");
        await _store.TryReplaceAsync(Key("a"), stale, Json("second"), InAnHour, Cancel);

        Assert.False(
            await _store.TryCommitAsync(Table, "p", [Insert("b"), new StateChange.Replace("a", stale, Json("third"), InAnHour)], Cancel));

        Assert.Equal(["a"], await RowsAsync());
        Assert.Equal("second", await TextAsync(Key("a")));
    }

    [Fact]
    public async Task A_batch_that_replaces_a_missing_row_changes_nothing()
    {
        var gone = await InsertAsync(Key("a"));
        await _store.DeleteAsync(Key("a"), Cancel);

        Assert.False(
            await _store.TryCommitAsync(Table, "p", [Insert("b"), new StateChange.Replace("a", gone, Json("2"), InAnHour)], Cancel));

        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task A_batch_that_deletes_another_version_or_a_missing_row_changes_nothing()
    {
        var stale = await InsertAsync(Key("a"));
        await _store.TryReplaceAsync(Key("a"), stale, Json("2"), InAnHour, Cancel);

        Assert.False(await _store.TryCommitAsync(Table, "p", [Insert("b"), new StateChange.Delete("a", stale)], Cancel));
        await _store.DeleteAsync(Key("a"), Cancel);
        Assert.False(await _store.TryCommitAsync(Table, "p", [Insert("b"), new StateChange.Delete("a", stale)], Cancel));

        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task A_batch_can_unconditionally_delete_a_missing_row()
    {
        await InsertAsync(Key("there"));

        Assert.True(await _store.TryCommitAsync(
            Table,
            "p",
            [new StateChange.Delete("missing"), Insert("a"), new StateChange.Delete("there"), new StateChange.Delete("missing too")],
            Cancel));

        Assert.Equal(["a"], await RowsAsync());
        await InsertAsync(Key("missing"));
    }

    [Fact]
    public async Task A_failed_condition_stops_a_batch_that_also_deletes_a_missing_row()
    {
        await InsertAsync(Key("b"), "live");
        Assert.False(await _store.TryCommitAsync(Table, "p", [new StateChange.Delete("missing"), Insert("a"), Insert("b")], Cancel));
        Assert.Equal(["b"], await RowsAsync());
    }

    [Fact]
    public async Task Only_one_of_concurrent_batches_that_insert_the_same_row_is_applied()
    {
        var applied = await InParallelAsync(10,
            i => _store.TryCommitAsync(Table, "p", [Insert($"own{i}"), Insert("shared", $"{i}")], Cancel));

        var winner = Assert.Single(Enumerable.Range(0, 10), i => applied[i]);
        Assert.Equal([$"own{winner}", "shared"], await RowsAsync());
        Assert.Equal($"{winner}", await TextAsync(Key("shared")));
    }

    [Fact]
    public async Task A_batch_changes_only_its_own_partition()
    {
        await InsertAsync(Key("a", "q"), "other");
        Assert.True(await _store.TryCommitAsync(Table, "p", [Insert("a"), new StateChange.Delete("b")], Cancel));
        Assert.Equal("other", await TextAsync(Key("a", "q")));
    }

    [Fact]
    public async Task A_batch_can_have_100_changes()
    {
        await InsertManyAsync(100, InAnHour);
        Assert.Equal(100, (await RowsAsync()).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public async Task A_batch_without_changes_or_with_more_than_100_is_refused(int count)
    {
        var changes = Enumerable.Range(0, count).Select(i => Insert($"{i}")).ToArray();
        await Assert.ThrowsAsync<ArgumentException>(() => _store.TryCommitAsync(Table, "p", changes, Cancel));
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task A_batch_that_names_a_row_twice_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(
            () => _store.TryCommitAsync(Table, "p", [Insert("a"), new StateChange.Delete("a")], Cancel));
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task The_largest_batch_with_the_longest_keys_fits()
    {
        var partition = new string('語', StateLimits.MaxKeyLength);
        var changes = Enumerable.Range(0, StateLimits.MaxBatchOperations)
            .Select(i => new StateChange.Insert(
                $"{i:000}{new string('語', StateLimits.MaxKeyLength - 3)}",
                RandomBytes(StateLimits.MaxBatchBytes / StateLimits.MaxBatchOperations, seed: i),
                InAnHour))
            .ToArray();

        Assert.True(await _store.TryCommitAsync(Table, partition, changes, Cancel));

        var rows = await _store.QueryAsync(Table, partition, default, Cancel).ToArrayAsync(Cancel);
        Assert.Equal(changes.Select(change => change.Row), rows.Select(row => row.Key.Row));
        Assert.Equal(changes[^1].Body.ToArray(), rows[^1].Body.ToArray());
    }

    [Fact]
    public async Task A_batch_over_the_size_limit_is_refused()
    {
        StateChange[] changes =
            [.. Enumerable.Range(0, 4).Select(i => new StateChange.Insert($"{i}", RandomBytes(600 * 1024, seed: i), InAnHour))];
        await Assert.ThrowsAsync<ArgumentException>(() => _store.TryCommitAsync(Table, "p", changes, Cancel));
        Assert.Empty(await RowsAsync());
    }

    private StateChange.Insert Insert(string row, string text = "1") => new(row, Json(text), InAnHour);

    private async Task InsertManyAsync(int count, DateTimeOffset expiresAt)
    {
        foreach (var rows in Enumerable.Range(0, count).Chunk(100))
        {
            Assert.True(await _store.TryCommitAsync(
                Table, "p", [.. rows.Select(i => new StateChange.Insert($"{i:0000}", Json($"{i}"), expiresAt))], Cancel));
        }
    }
}
