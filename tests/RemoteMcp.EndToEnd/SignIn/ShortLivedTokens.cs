using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using RemoteMcp.EndToEnd.Fleet;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// A proxy that makes access tokens end after a number of requests, so that a test sees several token lifetimes without waiting. It
/// replaces the token of further requests with an invalid one, and the server refuses it as it refuses an expired one.
/// </summary>
internal sealed class ShortLivedTokens : IAsyncDisposable
{
    private const string Approval = "approve";
    private const string Refresh = "refresh_token";

    private readonly ConcurrentDictionary<string, int> _uses = new();
    private readonly ConcurrentDictionary<string, int> _grants = new();
    private readonly ConcurrentDictionary<string, bool> _sessions = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Uri _server;
    private readonly Func<Task> _onRefresh;
    private ForwardingServer _proxy = null!;

    private ShortLivedTokens(Uri server, Func<Task> onRefresh) => (_server, _onRefresh) = (server, onRefresh);

    public Uri Address => _proxy.Address;

    /// <summary>The number of JSON-RPC requests for which a token is valid. The first connection of a client takes two or three.</summary>
    public int RequestsPerToken { get; set; } = 3;

    /// <summary>The number of sign-ins: of codes that were redeemed.</summary>
    public int SignIns => _grants.GetValueOrDefault("authorization_code");

    /// <summary>The number of refreshes.</summary>
    public int Refreshes => _grants.GetValueOrDefault(Refresh);

    /// <summary>The number of times that the person approved the client.</summary>
    public int Approvals => _grants.GetValueOrDefault(Approval);

    /// <summary>The requests, for the message of a failing test.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>The ids of the sessions with which requests arrived.</summary>
    public IEnumerable<string> Sessions => _sessions.Keys;

    /// <param name="server">The address of the server.</param>
    /// <param name="onRefresh">Called before the server gets a request that refreshes a token.</param>
    /// <param name="cancellationToken">Ends the start early.</param>
    public static async Task<ShortLivedTokens> StartAsync(Uri server, Func<Task> onRefresh, CancellationToken cancellationToken)
    {
        var tokens = new ShortLivedTokens(server, onRefresh);
        tokens._proxy = await ForwardingServer.StartAsync(tokens.ServeAsync, cancellationToken);
        return tokens;
    }

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    private async Task ServeAsync(ForwardingServer proxy, HttpContext context)
    {
        var request = context.Request;
        if (request.Headers["Mcp-Session-Id"] is [{ } session])
        {
            _sessions[session] = true;
        }

        if (HttpMethods.IsPost(request.Method))
        {
            request.EnableBuffering();
            using var reader = new StreamReader(request.Body, Encoding.UTF8, leaveOpen: true);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            request.Body.Position = 0;
            await SeeAsync(request, body);
        }

        await proxy.ForwardAsync(context, _server, FleetProxy.HostHeaderTransformer.Instance);
        _log.Enqueue($"{context.Response.StatusCode} {request.Method} {request.Path} {request.Headers["Mcp-Session-Id"]}");
    }

    private async Task SeeAsync(HttpRequest request, string body)
    {
        if (request.Path == "/mcp" && request.Headers.Authorization is [{ } token] && IsRequest(body))
        {
            if (Count(_uses, token) > RequestsPerToken)
            {
                // Another signature.
                request.Headers.Authorization = token[..^8] + "AAAAAAAA";
            }
        }
        else if (request.Path == "/oauth/authorize")
        {
            Count(_grants, Approval);
        }
        else if (request.Path == "/oauth/token")
        {
            var grant = QueryHelpers.ParseQuery(body)["grant_type"].ToString();
            Count(_grants, grant);
            await (grant == Refresh ? _onRefresh() : Task.CompletedTask);
        }
    }

    private static int Count(ConcurrentDictionary<string, int> counts, string key) =>
        counts.AddOrUpdate(key, 1, static (_, count) => count + 1);

    // Notifications and answers are part of a running call.
    private static bool IsRequest(string body) => JsonNode.Parse(body) is JsonObject message && message.ContainsKey("id")
        && message.ContainsKey("method");
}
