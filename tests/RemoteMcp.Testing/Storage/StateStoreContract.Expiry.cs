using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.Testing.Storage;

public abstract partial class StateStoreContract
{
    [Fact]
    public async Task A_row_exists_exactly_until_its_expiry()
    {
        await InsertAsync(Key("a"));

        Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.NotNull(await _store.FindAsync(Key("a"), Cancel));

        Time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await _store.FindAsync(Key("a"), Cancel));
    }

    [Fact]
    public async Task An_insert_completely_replaces_an_expired_row()
    {
        var expired = await InsertExpiredAsync("a");

        var etag = await InsertAsync(Key("a"), "new");

        Assert.NotEqual(expired, etag);
        var row = await _store.FindAsync(Key("a"), Cancel);
        Assert.Equal("new", row?.Body.ToObjectFromJson<string>());
        Assert.Equal(etag, row?.ETag);
        Assert.Equal(InAnHour, row?.ExpiresAt);
    }

    [Fact]
    public async Task Only_one_of_concurrent_inserts_over_an_expired_row_succeeds()
    {
        await InsertExpiredAsync("a");
        var etags = await InParallelAsync(10, i => _store.TryInsertAsync(Key("a"), Json($"{i}"), InAnHour, Cancel));
        var winner = Assert.Single(Enumerable.Range(0, 10), i => etags[i] is not null);
        Assert.Equal($"{winner}", await TextAsync(Key("a")));
    }

    [Fact]
    public async Task An_expired_row_cannot_be_replaced_with_its_own_etag()
    {
        var etag = await InsertExpiredAsync("a");
        Assert.Null(await _store.TryReplaceAsync(Key("a"), etag, Json("2"), InAnHour, Cancel));
        Assert.Null(await _store.FindAsync(Key("a"), Cancel));
    }

    [Fact]
    public async Task An_expired_row_cannot_be_deleted_with_its_own_etag()
    {
        var etag = await InsertExpiredAsync("a");
        Assert.False(await _store.TryDeleteAsync(Key("a"), etag, Cancel));
    }

    [Fact]
    public async Task An_expired_row_can_be_deleted_without_an_etag()
    {
        await InsertExpiredAsync("a");
        await _store.DeleteAsync(Key("a"), Cancel);
        await InsertAsync(Key("a"));
    }

    [Fact]
    public async Task The_etag_of_an_expired_row_is_not_valid_for_a_new_row_with_the_same_key()
    {
        var expired = await InsertExpiredAsync("a");
        await InsertAsync(Key("a"), "new");

        Assert.Null(await _store.TryReplaceAsync(Key("a"), expired, Json("old"), InAnHour, Cancel));
        Assert.False(await _store.TryDeleteAsync(Key("a"), expired, Cancel));
        Assert.Equal("new", await TextAsync(Key("a")));
    }

    [Fact]
    public async Task A_replacement_can_set_a_later_expiry()
    {
        var etag = await InsertAsync(Key("a"));
        await _store.TryReplaceAsync(Key("a"), etag, Json("2"), InAnHour.AddHours(1), Cancel);

        Time.Advance(TimeSpan.FromMinutes(90));

        Assert.Equal("2", await TextAsync(Key("a")));
    }

    [Fact]
    public async Task A_replacement_can_set_an_earlier_expiry()
    {
        var etag = await InsertAsync(Key("a"));
        var shorter = await _store.TryReplaceAsync(Key("a"), etag, Json("2"), Time.GetUtcNow().AddMinutes(1), Cancel);

        Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await _store.FindAsync(Key("a"), Cancel));
        Assert.Null(await _store.TryReplaceAsync(Key("a"), shorter!, Json("3"), InAnHour, Cancel));
    }

    [Fact]
    public async Task A_row_with_a_past_expiry_is_never_found()
    {
        await InsertAsync(Key("a"), expiresAt: Time.GetUtcNow());
        Assert.Null(await _store.FindAsync(Key("a"), Cancel));
        await InsertAsync(Key("a"));
    }

    [Fact]
    public async Task A_query_leaves_out_expired_rows()
    {
        await InsertAsync(Key("a"), expiresAt: Time.GetUtcNow().AddMinutes(1));
        await InsertAsync(Key("b"));
        await InsertAsync(Key("c"), expiresAt: Time.GetUtcNow().AddMinutes(1));

        Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["b"], await RowsAsync());
    }

    [Fact]
    public async Task A_query_leaves_out_rows_that_expire_while_it_runs()
    {
        await InsertAsync(Key("a"));
        await InsertAsync(Key("b"), expiresAt: Time.GetUtcNow().AddMinutes(1));
        await InsertAsync(Key("c"));

        var seen = new List<string>();
        await foreach (var row in _store.QueryAsync(Table, "p", default, Cancel))
        {
            seen.Add(row.Key.Row);
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["a", "c"], seen);
    }

    [Fact]
    public async Task A_batch_can_insert_over_expired_rows()
    {
        await InsertExpiredAsync("a", "c", "e");

        Assert.True(await _store.TryCommitAsync(Table, "p", [.. "abcde".Select(row => Insert($"{row}", "new"))], Cancel));

        Assert.Equal(["a", "b", "c", "d", "e"], await RowsAsync());
        Assert.Equal("new", await TextAsync(Key("c")));
    }

    [Fact]
    public async Task A_batch_does_not_replace_or_conditionally_delete_an_expired_row()
    {
        var etag = await InsertExpiredAsync("a");

        Assert.False(
            await _store.TryCommitAsync(Table, "p", [Insert("b"), new StateChange.Replace("a", etag, Json("2"), InAnHour)], Cancel));
        Assert.False(await _store.TryCommitAsync(Table, "p", [Insert("b"), new StateChange.Delete("a", etag)], Cancel));

        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task A_batch_that_inserts_over_an_expired_and_a_live_row_changes_neither()
    {
        await InsertExpiredAsync("a");
        await InsertAsync(Key("b"), "live");

        Assert.False(await _store.TryCommitAsync(Table, "p", [Insert("a"), Insert("b"), Insert("c")], Cancel));

        Assert.Equal(["b"], await RowsAsync());
        Assert.Equal("live", await TextAsync(Key("b")));
    }

    [Fact]
    public async Task A_sweep_deletes_the_expired_rows_of_its_table_and_no_others()
    {
        await InsertAsync(Key("other") with { Table = "Other" }, expiresAt: Time.GetUtcNow().AddMinutes(1));
        await InsertExpiredAsync("a", "b", "c");
        await InsertAsync(Key("d"), "live");
        await InsertAsync(Key("a", "q"), expiresAt: Time.GetUtcNow());

        Assert.Equal(new StateSweep(4, null), await _store.SweepAsync(Table, null, Cancel));

        Assert.Equal("live", await TextAsync(Key("d")));
        Assert.Equal(new StateSweep(0, null), await _store.SweepAsync(Table, null, Cancel));
        Assert.Equal(new StateSweep(1, null), await _store.SweepAsync("Other", null, Cancel));
    }

    [Fact]
    public async Task A_sweep_of_a_table_that_does_not_exist_finds_nothing() =>
        Assert.Equal(new StateSweep(0, null), await _store.SweepAsync("Missing", null, Cancel));

    [Fact]
    public async Task A_sweep_continues_from_page_to_page_until_the_end()
    {
        await InsertManyAsync(1150, Time.GetUtcNow().AddMinutes(1));
        await InsertAsync(Key("zzz"), "live");
        Time.Advance(TimeSpan.FromMinutes(1));

        var (deleted, pages) = (0, 0);
        string? continuation = null;
        do
        {
            var sweep = await _store.SweepAsync(Table, continuation, Cancel);
            Assert.InRange(sweep.Deleted, 0, 1000);
            (deleted, pages, continuation) = (deleted + sweep.Deleted, pages + 1, sweep.Continuation);
        }
        while (continuation is not null && pages < 10);

        Assert.Equal(1150, deleted);
        Assert.Equal(2, pages);
        Assert.Equal(["zzz"], await RowsAsync());
    }

    /// <summary>Inserts rows and lets them expire.</summary>
    /// <returns>The ETag of the first row.</returns>
    private async Task<string> InsertExpiredAsync(params string[] rows)
    {
        var etags = new List<string>();
        foreach (var row in rows)
        {
            etags.Add(await InsertAsync(Key(row), "old", Time.GetUtcNow().AddMinutes(5)));
        }

        Time.Advance(TimeSpan.FromMinutes(5));
        return etags[0];
    }
}
