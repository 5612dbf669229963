using Microsoft.Extensions.Time.Testing;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.EndToEnd.Storage;

/// <summary>Tests the number of requests (billed transactions) of each operation. docs/state.md contains the same numbers.</summary>
public sealed class TableTransactionTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly StateKey s_key = new("Counted", "p", "a");
    private static readonly BinaryData s_body = BinaryData.FromString("{}");

    private readonly FakeTimeProvider _time = new();
    private FaultyStorage _storage = null!;
    private int _before;

    private DateTimeOffset InAnHour => _time.GetUtcNow().AddHours(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _storage = new FaultyStorage(await azurite.GetAsync(), _time);
        await _storage.Other.TryInsertAsync(s_key with { Row = "other" }, s_body, DateTimeOffset.MaxValue, Cancel);
    }

    public ValueTask DisposeAsync()
    {
        _storage.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Find_costs_one_transaction()
    {
        await _storage.Store.FindAsync(s_key, Cancel);
        Sent("GET");
        await _storage.Store.FindAsync(s_key with { Row = "other" }, Cancel);
        Sent("GET");
    }

    [Fact]
    public async Task Insert_costs_one_transaction_or_two_when_a_live_row_exists()
    {
        await _storage.Store.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        Sent("POST");
        await _storage.Store.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        Sent("POST", "GET");
    }

    [Fact]
    public async Task Insert_over_an_expired_row_costs_three_transactions()
    {
        await _storage.Other.TryInsertAsync(s_key, s_body, _time.GetUtcNow(), Cancel);
        Assert.NotNull(await _storage.Store.TryInsertAsync(s_key, s_body, InAnHour, Cancel));
        Sent("POST", "GET", "PUT");
    }

    [Fact]
    public async Task Replacement_costs_one_transaction_or_none_when_the_etag_has_expired()
    {
        var etag = await _storage.Other.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        var next = await _storage.Store.TryReplaceAsync(s_key, etag!, s_body, InAnHour, Cancel);
        Sent("PUT");
        await _storage.Store.TryReplaceAsync(s_key, etag!, s_body, InAnHour, Cancel);
        Sent("PUT");
        _time.Advance(TimeSpan.FromHours(1));
        await _storage.Store.TryReplaceAsync(s_key, next!, s_body, InAnHour, Cancel);
        Sent();
    }

    [Fact]
    public async Task Deletion_costs_one_transaction()
    {
        var etag = await _storage.Other.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        await _storage.Store.TryDeleteAsync(s_key, etag!, Cancel);
        Sent("DELETE");
        await _storage.Store.TryDeleteAsync(s_key, etag!, Cancel);
        Sent("DELETE");
        await _storage.Store.DeleteAsync(s_key, Cancel);
        Sent("DELETE");
    }

    [Fact]
    public async Task Batch_costs_one_transaction()
    {
        StateChange[] changes = [.. Enumerable.Range(0, 100).Select(i => new StateChange.Insert($"{i}", s_body, InAnHour))];
        Assert.True(await _storage.Store.TryCommitAsync(s_key.Table, s_key.Partition, changes, Cancel));
        Sent("BATCH");
        Assert.True(await _storage.Store.TryCommitAsync(
            s_key.Table, s_key.Partition, [.. changes.Select(change => new StateChange.Delete(change.Row))], Cancel));
        Sent("BATCH");
    }

    [Fact]
    public async Task Batch_costs_more_when_it_replaces_an_expired_row_or_deletes_missing_rows()
    {
        await _storage.Other.TryInsertAsync(s_key, s_body, _time.GetUtcNow(), Cancel);
        Assert.True(await _storage.Store.TryCommitAsync(
            s_key.Table, s_key.Partition, [new StateChange.Insert(s_key.Row, s_body, InAnHour)], Cancel));
        Sent("BATCH", "GET", "BATCH");
        Assert.True(await _storage.Store.TryCommitAsync(
            s_key.Table, s_key.Partition, [new StateChange.Delete("x"), new StateChange.Delete("y")], Cancel));
        Sent("BATCH", "BATCH");
    }

    [Fact]
    public async Task Query_costs_one_transaction_for_each_page_that_is_read()
    {
        foreach (var rows in Enumerable.Range(0, 1100).Chunk(100))
        {
            await _storage.Other.TryCommitAsync(
                s_key.Table, "many", [.. rows.Select(i => new StateChange.Insert($"{i:0000}", s_body, InAnHour))], Cancel);
        }

        await _storage.Store.QueryAsync(s_key.Table, "many", default, Cancel).FirstAsync(Cancel);
        Sent("GET");
        Assert.Equal(1100, await _storage.Store.QueryAsync(s_key.Table, "many", default, Cancel).CountAsync(Cancel));
        Sent("GET", "GET");
        await _storage.Store.QueryAsync(s_key.Table, "none", default, Cancel).CountAsync(Cancel);
        Sent("GET");
    }

    [Fact]
    public async Task Sweep_costs_one_transaction_per_page_and_per_100_rows_of_a_partition()
    {
        foreach (var rows in Enumerable.Range(0, 150).Chunk(100))
        {
            await _storage.Other.TryCommitAsync(
                s_key.Table, "many", [.. rows.Select(i => new StateChange.Insert($"{i:0000}", s_body, _time.GetUtcNow()))], Cancel);
        }

        await _storage.Other.TryInsertAsync(s_key, s_body, _time.GetUtcNow(), Cancel);

        Assert.Equal(151, (await _storage.Store.SweepAsync(s_key.Table, null, Cancel)).Deleted);
        Assert.Equal(["BATCH", "BATCH", "DELETE", "GET"], _storage.Requests.Order());
    }

    [Fact]
    public async Task Only_the_first_write_creates_a_missing_table()
    {
        var key = s_key with { Table = "New" };
        await _storage.Store.FindAsync(key, Cancel);
        await _storage.Store.DeleteAsync(key, Cancel);
        await _storage.Store.QueryAsync("New", "p", default, Cancel).CountAsync(Cancel);
        await _storage.Store.SweepAsync("New", null, Cancel);
        Sent("GET", "DELETE", "GET", "GET");
        Assert.NotNull(await _storage.Store.TryInsertAsync(key, s_body, InAnHour, Cancel));
        Sent("POST", "CREATE", "POST");
        Assert.NotNull(await _storage.Store.TryInsertAsync(key with { Row = "b" }, s_body, InAnHour, Cancel));
        Sent("POST");
    }

    [Fact]
    public async Task A_table_deleted_while_the_server_runs_is_created_again()
    {
        await _storage.Service.DeleteTableAsync(_storage.Prefix + s_key.Table, Cancel);
        _before = _storage.Requests.Count;
        Assert.True(await _storage.Store.TryCommitAsync(s_key.Table, "p", [new StateChange.Insert("a", s_body, InAnHour)], Cancel));
        Sent("BATCH", "CREATE", "BATCH");
    }

    /// <summary>Asserts which requests were sent since the last call of this method.</summary>
    private void Sent(params string[] expected)
    {
        Assert.Equal(expected, _storage.Requests.Skip(_before));
        _before = _storage.Requests.Count;
    }
}
