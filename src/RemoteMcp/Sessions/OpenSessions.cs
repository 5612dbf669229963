using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Server;

namespace RemoteMcp.Sessions;

/// <summary>The Streamable HTTP sessions that live in this process.</summary>
internal sealed class OpenSessions
{
    private readonly ConcurrentDictionary<string, byte> _ids = new(StringComparer.Ordinal);

    public bool Contains(string id) => _ids.ContainsKey(id);

    /// <summary>Runs a session and knows it for as long: the SDK's hook around the life of a session.</summary>
    public async Task RunAsync(HttpContext opening, McpServer server, CancellationToken cancellationToken)
    {
        // A GET opens an HTTP+SSE session, which lives on its stream; the stateless era has none.
        if (!HttpMethods.IsPost(opening.Request.Method) || string.IsNullOrEmpty(server.SessionId))
        {
            await server.RunAsync(cancellationToken);
            return;
        }

        var id = server.SessionId;
        _ids.TryAdd(id, 0);
        try
        {
            await server.RunAsync(cancellationToken);
        }
        finally
        {
            _ids.TryRemove(id, out _);
        }
    }
}
