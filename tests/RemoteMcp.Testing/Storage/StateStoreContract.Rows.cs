using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.Testing.Storage;

public abstract partial class StateStoreContract
{
    [Fact]
    public async Task An_inserted_row_is_found_with_its_body_etag_and_expiry()
    {
        var expiresAt = InAnHour.AddTicks(1234567);
        var etag = await InsertAsync(Key("a"), "hello", expiresAt);

        var row = await _store.FindAsync(Key("a"), Cancel);

        Assert.NotNull(row);
        Assert.Equal(Key("a"), row.Key);
        Assert.Equal("hello", row.Body.ToObjectFromJson<string>());
        Assert.Equal(etag, row.ETag);
        Assert.Equal(expiresAt, row.ExpiresAt);
    }

    [Fact]
    public async Task A_row_that_was_never_written_is_not_found() => Assert.Null(await _store.FindAsync(Key("a"), Cancel));

    [Fact]
    public async Task The_latest_possible_expiry_is_stored_unchanged()
    {
        await InsertAsync(Key("a"), expiresAt: DateTimeOffset.MaxValue);
        Assert.Equal(DateTimeOffset.MaxValue, (await _store.FindAsync(Key("a"), Cancel))?.ExpiresAt);
    }

    [Fact]
    public async Task An_expiry_in_another_time_zone_is_the_same_moment()
    {
        await InsertAsync(Key("a"), expiresAt: InAnHour.ToOffset(TimeSpan.FromHours(9)));
        Assert.Equal(InAnHour, (await _store.FindAsync(Key("a"), Cancel))?.ExpiresAt);
    }

    [Fact]
    public async Task An_insert_over_a_live_row_is_refused_and_does_not_change_it()
    {
        var etag = await InsertAsync(Key("a"), "first");

        Assert.Null(await _store.TryInsertAsync(Key("a"), Json("second"), InAnHour, Cancel));

        Assert.Equal("first", await TextAsync(Key("a")));
        Assert.Equal(etag, (await _store.FindAsync(Key("a"), Cancel))?.ETag);
    }

    [Fact]
    public async Task A_row_can_be_replaced_with_its_latest_etag()
    {
        var etag = await InsertAsync(Key("a"), "first");

        var replaced = await _store.TryReplaceAsync(Key("a"), etag, Json("second"), InAnHour.AddHours(1), Cancel);

        var row = await _store.FindAsync(Key("a"), Cancel);
        Assert.Equal("second", row?.Body.ToObjectFromJson<string>());
        Assert.Equal(InAnHour.AddHours(1), row?.ExpiresAt);
        Assert.Equal(replaced, row?.ETag);
        Assert.NotEqual(etag, replaced);
    }

    [Fact]
    public async Task Writing_the_same_content_again_changes_the_etag()
    {
        var etag = await InsertAsync(Key("a"), "same");
        Assert.NotEqual(etag, await _store.TryReplaceAsync(Key("a"), etag, Json("same"), InAnHour, Cancel));
    }

    [Fact]
    public async Task A_replacement_of_an_older_version_is_refused()
    {
        var etag = await InsertAsync(Key("a"), "first");
        Assert.NotNull(await _store.TryReplaceAsync(Key("a"), etag, Json("second"), InAnHour, Cancel));

        Assert.Null(await _store.TryReplaceAsync(Key("a"), etag, Json("third"), InAnHour, Cancel));

        Assert.Equal("second", await TextAsync(Key("a")));
    }

    [Fact]
    public async Task A_deleted_row_is_neither_found_nor_replaced()
    {
        var etag = await InsertAsync(Key("a"));

        await _store.DeleteAsync(Key("a"), Cancel);

        Assert.Null(await _store.FindAsync(Key("a"), Cancel));
        Assert.Null(await _store.TryReplaceAsync(Key("a"), etag, Json("2"), InAnHour, Cancel));
    }

    [Fact]
    public async Task Deleting_a_missing_row_does_nothing()
    {
        await _store.DeleteAsync(Key("a"), Cancel);
        await InsertAsync(Key("b"));
        await _store.DeleteAsync(Key("a"), Cancel);
        Assert.Equal(["b"], await RowsAsync());
    }

    [Fact]
    public async Task A_conditional_deletion_succeeds_once()
    {
        var etag = await InsertAsync(Key("a"));
        Assert.True(await _store.TryDeleteAsync(Key("a"), etag, Cancel));
        Assert.False(await _store.TryDeleteAsync(Key("a"), etag, Cancel));
        Assert.Null(await _store.FindAsync(Key("a"), Cancel));
    }

    [Fact]
    public async Task A_conditional_deletion_of_an_older_version_is_refused()
    {
        var etag = await InsertAsync(Key("a"), "first");
        await _store.TryReplaceAsync(Key("a"), etag, Json("second"), InAnHour, Cancel);

        Assert.False(await _store.TryDeleteAsync(Key("a"), etag, Cancel));

        Assert.Equal("second", await TextAsync(Key("a")));
    }

    [Fact]
    public async Task The_etag_of_a_deleted_row_is_not_valid_for_a_new_row_with_the_same_key()
    {
        var earlier = await InsertAsync(Key("a"), "same");
        await _store.DeleteAsync(Key("a"), Cancel);
        await InsertAsync(Key("a"), "same");

        Assert.Null(await _store.TryReplaceAsync(Key("a"), earlier, Json("other"), InAnHour, Cancel));
        Assert.False(await _store.TryDeleteAsync(Key("a"), earlier, Cancel));
        Assert.Equal("same", await TextAsync(Key("a")));
    }

    [Fact]
    public async Task The_same_row_key_in_another_partition_or_table_is_another_row()
    {
        await InsertAsync(Key("a", "p"), "p");
        await InsertAsync(Key("a", "q"), "q");
        await InsertAsync(Key("a") with { Table = "Other" }, "other");

        await _store.DeleteAsync(Key("a", "q"), Cancel);

        Assert.Equal("p", await TextAsync(Key("a", "p")));
        Assert.Equal("other", await TextAsync(Key("a") with { Table = "Other" }));
    }

    [Fact]
    public async Task Keys_are_case_sensitive_and_table_names_are_not()
    {
        await InsertAsync(Key("a"), "lower");
        await InsertAsync(Key("A"), "upper");
        Assert.Equal("lower", await TextAsync(Key("a") with { Table = Table.ToUpperInvariant() }));
        Assert.Equal("upper", await TextAsync(Key("A") with { Table = Table.ToUpperInvariant() }));
    }

    [Fact]
    public async Task Only_one_of_concurrent_inserts_succeeds()
    {
        var etags = await InParallelAsync(20, i => _store.TryInsertAsync(Key("a"), Json($"{i}"), InAnHour, Cancel));
        var winner = Assert.Single(Enumerable.Range(0, 20), i => etags[i] is not null);
        Assert.Equal($"{winner}", await TextAsync(Key("a")));
    }

    [Fact]
    public async Task Only_one_of_concurrent_replacements_of_one_version_succeeds()
    {
        var etag = await InsertAsync(Key("a"));
        var etags = await InParallelAsync(20, i => _store.TryReplaceAsync(Key("a"), etag, Json($"{i}"), InAnHour, Cancel));
        var winner = Assert.Single(Enumerable.Range(0, 20), i => etags[i] is not null);
        Assert.Equal($"{winner}", await TextAsync(Key("a")));
    }

    [Fact]
    public async Task Only_one_of_concurrent_conditional_deletions_succeeds()
    {
        var etag = await InsertAsync(Key("a"));
        Assert.Single(await InParallelAsync(20, _ => _store.TryDeleteAsync(Key("a"), etag, Cancel)), won => won);
    }

    [Fact]
    public async Task Concurrent_increments_are_not_lost()
    {
        await InsertAsync(Key("count"), "0");
        await InParallelAsync(8, async _ =>
        {
            for (var done = 0; done < 5;)
            {
                var row = (await _store.FindAsync(Key("count"), Cancel))!;
                var next = Json($"{int.Parse(row.Body.ToObjectFromJson<string>()!, null) + 1}");
                done += await _store.TryReplaceAsync(Key("count"), row.ETag, next, InAnHour, Cancel) is null ? 0 : 1;
            }

            return true;
        });
        Assert.Equal("40", await TextAsync(Key("count")));
    }

    [Fact]
    public async Task Later_changes_to_the_callers_buffer_do_not_change_the_row()
    {
        var buffer = "\"before\""u8.ToArray();
        await _store.TryInsertAsync(Key("a"), BinaryData.FromBytes(buffer), InAnHour, Cancel);
        "\"after!\""u8.CopyTo(buffer);
        Assert.Equal("before", await TextAsync(Key("a")));

    }

    [Fact]
    public async Task A_cancelled_operation_throws_and_writes_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        var etag = await InsertAsync(Key("a"), "before");

        await Cancels(() => _store.FindAsync(Key("a"), cancelled));
        await Cancels(() => _store.TryInsertAsync(Key("b"), Json("after"), InAnHour, cancelled));
        await Cancels(() => _store.TryReplaceAsync(Key("a"), etag, Json("after"), InAnHour, cancelled));
        await Cancels(() => _store.DeleteAsync(Key("a"), cancelled));
        await Cancels(() => _store.TryDeleteAsync(Key("a"), etag, cancelled));
        await Cancels(() => _store.TryCommitAsync(Table, "p", [new StateChange.Insert("b", Json("after"), InAnHour)], cancelled));
        await Cancels(() => _store.SweepAsync(Table, null, cancelled));
        await Cancels(() => _store.QueryAsync(Table, "p", default, cancelled).ToArrayAsync(Cancel).AsTask());

        Assert.Equal(["a"], await RowsAsync());
        Assert.Equal("before", await TextAsync(Key("a")));

        static async Task Cancels(Func<Task> act) => await Assert.ThrowsAnyAsync<OperationCanceledException>(act);
    }
}
