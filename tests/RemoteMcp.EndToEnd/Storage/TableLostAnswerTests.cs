using System.Net;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.EndToEnd.Storage;

/// <summary>
/// Tests requests whose response was lost after storage had applied them. The client repeats such a request, and storage refuses it because
/// of the first try. The store must not mistake this for a change by a different instance.
/// </summary>
public sealed class TableLostAnswerTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly StateKey s_key = new("Lost", "p", "a");
    private static readonly BinaryData s_body = BinaryData.FromString("1");
    private static readonly BinaryData s_next = BinaryData.FromString("2");

    private readonly FakeTimeProvider _time = new();
    private FaultyStorage _storage = null!;

    private DateTimeOffset InAnHour => _time.GetUtcNow().AddHours(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _storage = new FaultyStorage(await azurite.GetAsync(), _time);
        await _storage.Other.TryInsertAsync(s_key with { Partition = "first" }, s_body, InAnHour, Cancel);
    }

    public ValueTask DisposeAsync()
    {
        _storage.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Insert_recognizes_its_own_row_after_the_connection_broke()
    {
        _storage.LoseAnswer();
        await InsertsAsync();
    }

    [Fact]
    public async Task Insert_recognizes_its_own_row_after_the_response_timed_out()
    {
        _storage.Dispose();
        _storage = new FaultyStorage(await azurite.GetAsync(), _time, networkTimeout: TimeSpan.FromSeconds(3));
        _storage.KeepAnswer();
        await InsertsAsync();
    }

    [Fact]
    public async Task Insert_over_an_expired_row_recognizes_its_own_row_after_a_lost_response()
    {
        await _storage.Other.TryInsertAsync(s_key, s_body, _time.GetUtcNow(), Cancel);
        _storage.Pass();
        _storage.Pass();
        _storage.LoseAnswer();
        await InsertsAsync();
    }

    [Fact]
    public async Task Retried_insert_that_lost_to_another_insert_is_refused()
    {
        _storage.LoseRequest();
        await _storage.Other.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        Assert.Null(await _storage.Store.TryInsertAsync(s_key, s_next, InAnHour, Cancel));
    }

    [Fact]
    public async Task Replacement_recognizes_its_own_version_after_a_lost_response()
    {
        var etag = await _storage.Other.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        _storage.LoseAnswer();
        var replaced = await _storage.Store.TryReplaceAsync(s_key, etag!, s_next, InAnHour, Cancel);
        await IsAsync("2", replaced);
    }

    [Fact]
    public async Task Retried_replacement_that_lost_to_another_replacement_is_refused()
    {
        var etag = await _storage.Other.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        _storage.Refuse(HttpStatusCode.ServiceUnavailable);
        _storage.Before(() => _storage.Other.TryReplaceAsync(s_key, etag!, s_body, InAnHour, Cancel));
        Assert.Null(await _storage.Store.TryReplaceAsync(s_key, etag!, s_next, InAnHour, Cancel));
    }

    [Fact]
    public async Task Conditional_deletion_reports_an_unknown_result_after_a_lost_response()
    {
        var etag = await _storage.Other.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        _storage.LoseAnswer();
        await Assert.ThrowsAsync<StateUnavailableException>(() => _storage.Store.TryDeleteAsync(s_key, etag!, Cancel));
        Assert.Null(await _storage.Other.FindAsync(s_key, Cancel));
    }

    [Fact]
    public async Task A_conditional_deletion_whose_request_was_lost_succeeds()
    {
        var etag = await _storage.Other.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        _storage.LoseRequest();
        Assert.True(await _storage.Store.TryDeleteAsync(s_key, etag!, Cancel));
    }

    [Fact]
    public async Task Unconditional_deletion_succeeds_after_a_lost_response()
    {
        await _storage.Other.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        _storage.LoseAnswer();
        await _storage.Store.DeleteAsync(s_key, Cancel);
        Assert.Null(await _storage.Other.FindAsync(s_key, Cancel));
    }

    [Fact]
    public async Task Batch_recognizes_its_own_rows_after_a_lost_response()
    {
        var etag = await _storage.Other.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        await _storage.Other.TryInsertAsync(s_key with { Row = "gone" }, s_body, InAnHour, Cancel);
        _storage.LoseAnswer();
        Assert.True(await CommitAsync(
            new StateChange.Delete("gone"),
            new StateChange.Replace("a", etag!, s_next, InAnHour),
            new StateChange.Insert("b", s_next, InAnHour)));
        Assert.Equal("2", (await _storage.Other.FindAsync(s_key, Cancel))?.Body.ToString());
        Assert.NotNull(await _storage.Other.FindAsync(s_key with { Row = "b" }, Cancel));
    }

    [Fact]
    public async Task Retried_batch_that_lost_to_another_insert_is_refused()
    {
        await _storage.Other.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        _storage.LoseRequest();
        Assert.False(await CommitAsync(new StateChange.Insert("b", s_next, InAnHour), new StateChange.Insert("a", s_next, InAnHour)));
        Assert.Null(await _storage.Other.FindAsync(s_key with { Row = "b" }, Cancel));
    }

    [Fact]
    public async Task Batch_of_conditional_deletions_reports_an_unknown_result_after_a_lost_response()
    {
        var etag = await _storage.Other.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        _storage.LoseAnswer();
        await Assert.ThrowsAsync<StateUnavailableException>(() => CommitAsync(new StateChange.Delete("a", etag)));
        Assert.Null(await _storage.Other.FindAsync(s_key, Cancel));
    }

    [Fact]
    public async Task Batch_of_unconditional_deletions_succeeds_after_a_lost_response()
    {
        await _storage.Other.TryInsertAsync(s_key, s_body, InAnHour, Cancel);
        _storage.LoseAnswer();
        Assert.True(await CommitAsync(new StateChange.Delete("a")));
        Assert.Null(await _storage.Other.FindAsync(s_key, Cancel));
    }

    [Fact]
    public async Task Row_that_is_inserted_again_during_a_sweep_stays()
    {
        foreach (var row in new[] { "a", "b", "c" })
        {
            await _storage.Other.TryInsertAsync(s_key with { Row = row }, s_body, _time.GetUtcNow(), Cancel);
        }

        _storage.Pass();
        _storage.Before(() => _storage.Other.TryInsertAsync(s_key with { Row = "b" }, s_next, InAnHour, Cancel));

        Assert.Equal(2, (await _storage.Store.SweepAsync(s_key.Table, null, Cancel)).Deleted);

        Assert.Equal(
            ["b"], await _storage.Other.QueryAsync(s_key.Table, "p", default, Cancel).Select(row => row.Key.Row).ToArrayAsync(Cancel));
    }

    private Task<bool> CommitAsync(params StateChange[] changes) =>
        _storage.Store.TryCommitAsync(s_key.Table, s_key.Partition, changes, Cancel);

    private async Task InsertsAsync() => await IsAsync("2", await _storage.Store.TryInsertAsync(s_key, s_next, InAnHour, Cancel));

    private async Task IsAsync(string body, string? etag)
    {
        var row = await _storage.Other.FindAsync(s_key, Cancel);
        Assert.Equal(body, row?.Body.ToString());
        Assert.Equal(etag, row?.ETag);
    }
}
