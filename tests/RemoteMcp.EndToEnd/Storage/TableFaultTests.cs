using System.Net;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.Storage;
using RemoteMcp.Storage.Tables;
using Xunit;

namespace RemoteMcp.EndToEnd.Storage;

/// <summary>What the port answers when storage is slow, throttles, refuses or is gone.</summary>
public sealed class TableFaultTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly StateKey Key = new("Faults", "p", "a");
    private static readonly BinaryData Body = BinaryData.FromString("{}");

    private readonly FakeTimeProvider _time = new();
    private FaultyStorage _storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _storage = new FaultyStorage(await azurite.GetAsync(), _time);

    public ValueTask DisposeAsync()
    {
        _storage.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task One_failure_is_retried_and_not_seen()
    {
        _storage.Refuse(HttpStatusCode.ServiceUnavailable);
        Assert.Null(await _storage.Store.FindAsync(Key, Cancel));
        Assert.Equal(2, _storage.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task A_storage_that_goes_on_refusing_is_unavailable_after_three_tries(HttpStatusCode status)
    {
        for (var i = 0; i < 3; i++)
        {
            _storage.Refuse(status);
        }

        var error = await Assert.ThrowsAsync<StateUnavailableException>(() => _storage.Store.FindAsync(Key, Cancel));

        Assert.Contains($"{(int)status}", error.Message, StringComparison.Ordinal);
        Assert.True(error.RetryAfter > TimeSpan.Zero);
        Assert.Equal(3, _storage.Requests.Count);
    }

    [Fact]
    public async Task Every_operation_says_that_the_storage_is_unavailable()
    {
        foreach (var operation in Operations())
        {
            _storage.Refuse(HttpStatusCode.ServiceUnavailable, retryAfter: TimeSpan.FromSeconds(17));
            await Assert.ThrowsAsync<StateUnavailableException>(operation);
        }

        Assert.Equal(8, _storage.Requests.Count);
    }

    [Fact]
    public async Task A_long_wait_that_the_storage_asks_for_goes_to_the_caller_at_once()
    {
        _storage.Refuse(HttpStatusCode.ServiceUnavailable, retryAfter: TimeSpan.FromSeconds(17));
        var error = await Assert.ThrowsAsync<StateUnavailableException>(() => _storage.Store.FindAsync(Key, Cancel));
        Assert.Equal(TimeSpan.FromSeconds(17), error.RetryAfter);
        Assert.Single(_storage.Requests);
    }

    [Fact]
    public async Task Connections_that_break_make_the_storage_unavailable()
    {
        for (var i = 0; i < 3; i++)
        {
            _storage.LoseRequest();
        }

        await Assert.ThrowsAsync<StateUnavailableException>(() => _storage.Store.FindAsync(Key, Cancel));
    }

    [Fact]
    public async Task A_storage_that_nobody_listens_for_is_unavailable()
    {
        var down = await AzuriteProcess.StartAsync();
        using var storage = new FaultyStorage(down, _time);
        await down.DisposeAsync();
        await Assert.ThrowsAsync<StateUnavailableException>(() => storage.Store.FindAsync(Key, Cancel));
    }

    [Fact]
    public async Task A_storage_that_does_not_answer_is_unavailable_after_three_tries()
    {
        using var storage = new FaultyStorage(await azurite.GetAsync(), _time, networkTimeout: TimeSpan.FromMilliseconds(250));
        for (var i = 0; i < 3; i++)
        {
            storage.KeepAnswer();
        }

        var error = await Assert.ThrowsAsync<StateUnavailableException>(() => storage.Store.FindAsync(Key, Cancel));
        Assert.Contains("in time", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, storage.Requests.Count);
    }

    [Fact]
    public async Task No_operation_outlasts_its_bound_however_its_time_is_spent()
    {
        using var storage = new FaultyStorage(await azurite.GetAsync(), _time, networkTimeout: TimeSpan.FromMinutes(10));
        storage.Before(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(13));
            return Task.CompletedTask;
        });
        await Assert.ThrowsAsync<StateUnavailableException>(() => storage.Store.FindAsync(Key, Cancel));
    }

    [Fact]
    public async Task A_caller_that_cancels_while_the_storage_hangs_gets_its_cancellation()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _storage.Before(async () =>
        {
            await stop.CancelAsync();
            throw new HttpRequestException("The connection broke.");
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _storage.Store.FindAsync(Key, stop.Token));
        Assert.Single(_storage.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task A_refused_identity_is_named_with_its_remedy(HttpStatusCode status)
    {
        _storage.Refuse(status);
        var error = await Assert.ThrowsAsync<StateUnavailableException>(() => _storage.Store.FindAsync(Key, Cancel));
        Assert.Contains("Storage Table Data Contributor", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_without_a_token_makes_the_storage_unavailable()
    {
        var service = new TableServiceClient(new Uri("https://account.table.core.windows.net"), new NoToken(), TableClients.ClientOptions());
        await Assert.ThrowsAsync<StateUnavailableException>(() => new TableStateStore(service, "Mcp", _time).FindAsync(Key, Cancel));
    }

    [Fact]
    public async Task A_request_that_Azure_finds_wrong_is_our_mistake_and_not_hidden()
    {
        _storage.Refuse(HttpStatusCode.BadRequest);
        await Assert.ThrowsAsync<RequestFailedException>(() => _storage.Store.FindAsync(Key, Cancel));
    }

    private IEnumerable<Func<Task>> Operations()
    {
        var expiresAt = _time.GetUtcNow().AddHours(1);
        var etag = new RowVersion(expiresAt, new ETag("W/\"x\"")).ToString();
        return
        [
            () => _storage.Store.FindAsync(Key, Cancel),
            () => _storage.Store.TryInsertAsync(Key, Body, expiresAt, Cancel),
            () => _storage.Store.TryReplaceAsync(Key, etag, Body, expiresAt, Cancel),
            () => _storage.Store.DeleteAsync(Key, Cancel),
            () => _storage.Store.TryDeleteAsync(Key, etag, Cancel),
            () => _storage.Store.QueryAsync(Key.Table, Key.Partition, default, Cancel).CountAsync(Cancel).AsTask(),
            () => _storage.Store.TryCommitAsync(Key.Table, Key.Partition, [new StateChange.Delete("a")], Cancel),
            () => _storage.Store.SweepAsync(Key.Table, null, Cancel),
        ];
    }

    private sealed class NoToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("No managed identity endpoint found.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("No managed identity endpoint found.");
    }
}
