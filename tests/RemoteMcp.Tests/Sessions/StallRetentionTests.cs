using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using RemoteMcp.Sessions;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>Tests that a stall of the storage leaves no session and no message in memory after the sessions have ended.</summary>
public sealed class StallRetentionTests : IAsyncLifetime
{
    private const int Clients = 6;

    private readonly ControlledStore _store = new(new MemoryStateStore(TimeProvider.System));
    private readonly List<WireClient> _clients = [.. Enumerable.Range(0, Clients).Select(static _ => new WireClient())];

    // Each session and each message that the SDK has processed.
    private readonly ConcurrentQueue<WeakReference> _processed = new();
    private InProcessFleet _fleet = null!;

    private Uri A => _fleet.Urls[0];

    private Uri B => _fleet.Urls[1];

    public async ValueTask InitializeAsync() => _fleet = await InProcessFleet.StartAsync(
        2,
        _store,
        services => services.Configure<McpServerOptions>(options => options.Filters.Message.IncomingFilters.Add(
            next => (context, cancellationToken) =>
            {
                _processed.Enqueue(new WeakReference(context.JsonRpcMessage));
                _processed.Enqueue(new WeakReference(context.Server));
                return next(context, cancellationToken);
            })),
        Cancellation,
        ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"),
        ("RemoteMcp:Fleet:Lease", "00:00:03"),
        ("RemoteMcp:Sessions:TouchInterval", "00:00:01"));

    public async ValueTask DisposeAsync()
    {
        _store.Before = null;
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task Ended_sessions_and_their_messages_leave_the_memory()
    {
        await StallAsync();

        Assert.InRange(_processed.Count, 4 * Clients, int.MaxValue);
        await Eventually.IsTrueAsync(() =>
        {
            GC.Collect();
            return _processed.All(static reference => !reference.IsAlive);
        });
        for (var instance = 0; instance < 2; instance++)
        {
            Assert.All(_clients, client =>
                Assert.False(_fleet.Service<LiveSessions>(instance).TryGet(client.InternalSessionId, out _)));
        }
    }

    // Each client waits for a call, a stream, an answer, and a cancellation when the storage stalls, and then leaves.
    private async Task StallAsync()
    {
        var resumes = new TaskCompletionSource();
        foreach (var client in _clients)
        {
            await client.InitializeAsync(A);
            Assert.Equal("x", await client.TextAsync(B, 1, "echo", """{"text":"x"}"""));
        }

        var calls = new List<HttpResponseMessage>();
        foreach (var client in _clients)
        {
            calls.Add(await client.CallAsync(A, 2, "hold"));
            calls.Add(await client.CallAsync(A, 3, "ask", """{"question":"Name?"}"""));
        }

        var waiting = 0;
        _store.Before = (_, cancellationToken) =>
        {
            Interlocked.Increment(ref waiting);
            return resumes.Task.WaitAsync(cancellationToken);
        };
        var stalled = _clients.SelectMany(client => new[]
        {
            client.GetAsync(B),
            client.PostAsync(A, """{"jsonrpc":"2.0","id":4,"method":"logging/setLevel","params":{"level":"error"}}"""),
            client.PostAsync(B, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}"""),
        }).ToList();
        // The two calls of a client wait too, because they have run for more than a second.
        await Eventually.IsTrueAsync(() => Volatile.Read(ref waiting) >= 5 * Clients);
        calls.ForEach(static call => call.Dispose());

        resumes.SetResult();
        _store.Before = null;
        foreach (var response in await Task.WhenAll(stalled))
        {
            response.Dispose();
        }

        _fleet.Rendezvous.Release();
        foreach (var client in _clients)
        {
            using var deleted = await client.DeleteAsync(A);
            Assert.True(deleted.IsSuccessStatusCode);
            client.Dispose();
        }
    }
}
