using System.Collections.Concurrent;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.Fleet;
using RemoteMcp.Sessions;
using RemoteMcp.Sessions.Streams;
using RemoteMcp.Storage;
using RemoteMcp.Storage.Tables;
using RemoteMcp.Testing.Sessions;

namespace RemoteMcp.EndToEnd.Storage;

/// <summary>Counts the real requests to Azurite, which correspond to billed transactions.</summary>
public sealed class SessionTransactionTests(SharedAzurite azurite) : SessionTransactionsContract
{
    private readonly string _prefix = SharedAzurite.UniqueName();
    private RequestLog? _log;

    internal override IReadOnlyList<string> Requests => _log!.Requests;

    internal override async ValueTask<IStateStore> OpenAsync()
    {
        var connection = (await azurite.GetAsync()).ConnectionString;
        var setup = new TableServiceClient(connection);
        foreach (var table in new[] { SessionStore.Table, FleetMembership.Table, Inbox.Table, EventRows.Table, StateLease.Table, "Keys" })
        {
            await setup.CreateTableIfNotExistsAsync(_prefix + table);
        }

        _log = new RequestLog(_prefix);
        return new TableStateStore(
            new TableServiceClient(connection, LongTimeoutTables.Options(new HttpClientTransport(_log))),
            _prefix,
            new StorageClock(TimeProvider.System));
    }

    internal override ValueTask CloseAsync()
    {
        _log?.Dispose();
        return ValueTask.CompletedTask;
    }

    internal override void Block(string request) => _log!.Block(request);

    internal override void Unblock() => _log!.Unblock();

    /// <summary>Records the store operation of each request.</summary>
    private sealed class RequestLog(string prefix) : DelegatingHandler(new SocketsHttpHandler())
    {
        private readonly ConcurrentQueue<string> _requests = new();
        private readonly TaskCompletionSource _unblocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile string? _blocked;

        public IReadOnlyList<string> Requests => [.. _requests];

        public void Block(string request) => _blocked = request;

        public void Unblock() => _unblocked.SetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var name = await NameAsync(request, cancellationToken);
            _requests.Enqueue(name);
            if (name == _blocked)
            {
                await _unblocked.Task.WaitAsync(cancellationToken);
            }

            return await base.SendAsync(request, cancellationToken);
        }

        private async Task<string> NameAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath);
            if (path.EndsWith("/$batch", StringComparison.Ordinal))
            {
                await request.Content!.LoadIntoBufferAsync(cancellationToken);
                return $"COMMIT {Table(await request.Content.ReadAsStringAsync(cancellationToken))}";
            }

            var hasKey = path.Contains("PartitionKey=", StringComparison.Ordinal);
            return request.Method.Method switch
            {
                "GET" => hasKey ? "FIND " : "QUERY ",
                "POST" => "INSERT ",
                "PUT" => "REPLACE ",
                var other => other + " ",
            } + Table(path);
        }

        // The letters after the prefix.
        private string Table(string text) => text.IndexOf(prefix, StringComparison.Ordinal) is >= 0 and var at
            ? string.Concat(text.Skip(at + prefix.Length).TakeWhile(char.IsAsciiLetter))
            : text;
    }
}
