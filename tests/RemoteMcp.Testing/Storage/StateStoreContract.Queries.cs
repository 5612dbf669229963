using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.Testing.Storage;

public abstract partial class StateStoreContract
{
    [Fact]
    public async Task A_query_returns_the_rows_of_its_partition_in_ordinal_order()
    {
        string[] rows = ["b", "a", "10", "9", "B", "é", "_", "a!", "語", "a0", "\U0001F98A"];
        foreach (var row in rows)
        {
            await InsertAsync(Key(row), row);
        }

        await InsertAsync(Key("other", "q"));
        await InsertAsync(Key("other", "p2"));

        Assert.Equal(rows.Order(StringComparer.Ordinal), await RowsAsync());
    }

    [Fact]
    public async Task A_query_returns_whole_rows()
    {
        var etag = await InsertAsync(Key("a"), "hello");
        var row = Assert.Single(await _store.QueryAsync(Table, "p", default, Cancel).ToArrayAsync(Cancel));
        Assert.Equal((Key("a"), "hello", etag, InAnHour), (row.Key, row.Body.ToObjectFromJson<string>(), row.ETag, row.ExpiresAt));
    }

    [Theory]
    [InlineData(null, null, "abcd")]
    [InlineData("b", null, "cd")]
    [InlineData(null, "c", "ab")]
    [InlineData("a", "d", "bc")]
    [InlineData("aa", "cc", "bc")]
    [InlineData("d", null, "")]
    [InlineData(null, "a", "")]
    [InlineData("b", "b", "")]
    [InlineData("c", "b", "")]
    public async Task A_range_excludes_both_ends(string? after, string? before, string expected)
    {
        await _store.TryCommitAsync(Table, "p", [.. "abcd".Select(row => Insert($"{row}"))], Cancel);
        Assert.Equal(expected, string.Concat(await RowsAsync(range: new StateRange(after, before))));
    }

    [Fact]
    public async Task A_query_returns_the_rows_of_many_pages()
    {
        await InsertManyAsync(2150, InAnHour);

        Assert.Equal(Enumerable.Range(0, 2150).Select(i => $"{i:0000}"), await RowsAsync());
        Assert.Equal(Enumerable.Range(101, 1898).Select(i => $"{i:0000}"), await RowsAsync(range: new StateRange("0100", "1999")));
    }

    [Fact]
    public async Task A_caller_can_stop_a_query_after_the_first_rows()
    {
        await InsertManyAsync(1100, InAnHour);
        Assert.Equal(
            ["0000", "0001"], await _store.QueryAsync(Table, "p", default, Cancel).Take(2).Select(row => row.Key.Row).ToArrayAsync(Cancel));
    }

    [Fact]
    public async Task A_query_returns_a_row_that_is_inserted_after_its_first_page()
    {
        await InsertManyAsync(1000, InAnHour);
        await InsertAsync(Key("9998"));

        var seen = new List<string>();
        await foreach (var row in _store.QueryAsync(Table, "p", default, Cancel))
        {
            seen.Add(row.Key.Row);
            if (seen.Count == 1)
            {
                await InsertAsync(Key("9999"));
            }
        }

        Assert.Equal(["9998", "9999"], seen[1000..]);
    }

    [Fact]
    public async Task A_query_of_an_empty_partition_returns_nothing()
    {
        Assert.Empty(await RowsAsync());
        await InsertAsync(Key("a", "q"));
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task A_query_stops_when_it_is_cancelled()
    {
        await InsertManyAsync(10, InAnHour);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var row in _store.QueryAsync(Table, "p", default, stop.Token))
            {
                if (++seen == 3)
                {
                    await stop.CancelAsync();
                }
            }
        });

        Assert.Equal(3, seen);
    }

    [Fact]
    public async Task The_same_query_can_be_run_again()
    {
        var query = _store.QueryAsync(Table, "p", default, Cancel);
        Assert.Equal(0, await query.CountAsync(Cancel));
        await InsertAsync(Key("a"));
        Assert.Equal(1, await query.CountAsync(Cancel));
    }
}
