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

/// <summary>Tests the results of the state store when storage is slow, throttles, refuses requests, or is not reachable.</summary>
public sealed class TableFaultTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly StateKey s_key = new("Faults", "p", "a");
    private static readonly BinaryData s_body = BinaryData.FromString("{}");

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
    public async Task Single_failure_is_retried_without_an_error()
    {
        _storage.Refuse(HttpStatusCode.ServiceUnavailable);
        Assert.Null(await _storage.Store.FindAsync(s_key, Cancel));
        Assert.Equal(2, _storage.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task Storage_that_keeps_failing_is_unavailable_after_three_attempts(HttpStatusCode status)
    {
        for (var i = 0; i < 3; i++)
        {
            _storage.Refuse(status);
        }

        var error = await Assert.ThrowsAsync<StateUnavailableException>(() => _storage.Store.FindAsync(s_key, Cancel));

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
    public async Task Long_Retry_After_of_the_storage_reaches_the_caller_without_a_retry()
    {
        _storage.Refuse(HttpStatusCode.ServiceUnavailable, retryAfter: TimeSpan.FromSeconds(17));
        var error = await Assert.ThrowsAsync<StateUnavailableException>(() => _storage.Store.FindAsync(s_key, Cancel));
        Assert.Equal(TimeSpan.FromSeconds(17), error.RetryAfter);
        Assert.Single(_storage.Requests);
    }

    [Fact]
    public async Task Broken_connections_make_the_storage_unavailable()
    {
        for (var i = 0; i < 3; i++)
        {
            _storage.LoseRequest();
        }

        await Assert.ThrowsAsync<StateUnavailableException>(() => _storage.Store.FindAsync(s_key, Cancel));
    }

    [Fact]
    public async Task Stopped_storage_is_unavailable()
    {
        var down = await AzuriteProcess.StartAsync();
        using var storage = new FaultyStorage(down, _time);
        await down.DisposeAsync();
        await Assert.ThrowsAsync<StateUnavailableException>(() => storage.Store.FindAsync(s_key, Cancel));
    }

    [Fact]
    public async Task Storage_that_does_not_respond_is_unavailable_after_three_attempts()
    {
        using var storage = new FaultyStorage(await azurite.GetAsync(), _time, networkTimeout: TimeSpan.FromMilliseconds(250));
        for (var i = 0; i < 3; i++)
        {
            storage.KeepAnswer();
        }

        var error = await Assert.ThrowsAsync<StateUnavailableException>(() => storage.Store.FindAsync(s_key, Cancel));
        Assert.Contains("in time", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, storage.Requests.Count);
    }

    [Fact]
    public async Task Operation_ends_at_its_time_limit_before_the_network_timeout()
    {
        using var storage = new FaultyStorage(await azurite.GetAsync(), _time, networkTimeout: TimeSpan.FromMinutes(10));
        storage.Before(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(13));
            return Task.CompletedTask;
        });
        await Assert.ThrowsAsync<StateUnavailableException>(() => storage.Store.FindAsync(s_key, Cancel));
    }

    [Fact]
    public async Task Caller_can_cancel_a_call_while_the_storage_hangs()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _storage.Before(async () =>
        {
            await stop.CancelAsync();
            throw new HttpRequestException("The connection broke.");
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _storage.Store.FindAsync(s_key, stop.Token));
        Assert.Single(_storage.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task Refused_identity_gets_an_error_that_names_the_missing_role(HttpStatusCode status)
    {
        _storage.Refuse(status);
        var error = await Assert.ThrowsAsync<StateUnavailableException>(() => _storage.Store.FindAsync(s_key, Cancel));
        Assert.Contains("Storage Table Data Contributor", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_without_a_token_makes_the_storage_unavailable()
    {
        var service = new TableServiceClient(
            new Uri("https://account.table.core.windows.net"), new UnavailableCredential(), TableClients.ClientOptions());
        await Assert.ThrowsAsync<StateUnavailableException>(
            () => new TableStateStore(service, "Mcp", new StorageClock(_time)).FindAsync(s_key, Cancel));
    }

    [Fact]
    public async Task Bad_request_error_is_not_reported_as_unavailable_storage()
    {
        _storage.Refuse(HttpStatusCode.BadRequest);
        await Assert.ThrowsAsync<RequestFailedException>(() => _storage.Store.FindAsync(s_key, Cancel));
    }

    private IEnumerable<Func<Task>> Operations()
    {
        var expiresAt = _time.GetUtcNow().AddHours(1);
        var etag = new RowVersion(expiresAt, new ETag("W/\"x\"")).ToString();
        return
        [
            () => _storage.Store.FindAsync(s_key, Cancel),
            () => _storage.Store.TryInsertAsync(s_key, s_body, expiresAt, Cancel),
            () => _storage.Store.TryReplaceAsync(s_key, etag, s_body, expiresAt, Cancel),
            () => _storage.Store.DeleteAsync(s_key, Cancel),
            () => _storage.Store.TryDeleteAsync(s_key, etag, Cancel),
            () => _storage.Store.QueryAsync(s_key.Table, s_key.Partition, default, Cancel).CountAsync(Cancel).AsTask(),
            () => _storage.Store.TryCommitAsync(s_key.Table, s_key.Partition, [new StateChange.Delete("a")], Cancel),
            () => _storage.Store.SweepAsync(s_key.Table, null, Cancel),
        ];
    }

    private sealed class UnavailableCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("No managed identity endpoint found.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("No managed identity endpoint found.");
    }
}
