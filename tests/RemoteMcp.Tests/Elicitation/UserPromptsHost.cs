using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Tools;
using Xunit;

namespace RemoteMcp.Tests.Elicitation;

/// <summary>A server with <see cref="UserPromptsTools"/>, over HTTP and over pipes.</summary>
internal sealed class UserPromptsHost : IAsyncDisposable
{
    /// <summary>The header that names the user of a request. The host has no sign-in.</summary>
    public const string UserHeader = "X-Test-User";

    private readonly WebApplication _app;

    private UserPromptsHost(WebApplication app, FakeTimeProvider time) => (_app, Time) = (app, time);

    public FakeTimeProvider Time { get; }

    public UserPromptsLog Log => _app.Services.GetRequiredService<UserPromptsLog>();

    public Uri Endpoint => new(_app.Urls.Single() + "/mcp");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<UserPromptsHost> StartAsync(IStateStore? store = null, string stateLifetime = "00:15:00")
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var app = await LocalServer.StartPipelineAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection([new("RemoteMcp:Elicitation:StateLifetime", stateLifetime)]);
                builder.Services.AddSingleton<TimeProvider>(time);
                if (store is not null)
                {
                    builder.Services.AddSingleton(store);
                }

                builder.Services.AddSingleton<UserPromptsLog>();
                builder.Services.AddRemoteMcp(builder.Configuration)
                    .WithRequestFilters(static filters => filters.AddCallToolFilter(WithoutNulls))
                    .WithTools<UserPromptsTools>().WithPrompts<UserPromptsTools>().WithResources<UserPromptsTools>();
            },
            static app => app.Use(IdentifyAsync),
            Cancel);
        return new UserPromptsHost(app, time);
    }

    /// <summary>Connects a real client that answers questions with <paramref name="answer"/>.</summary>
    public async Task<McpClient> ConnectAsync(Link link, Func<ElicitRequestParams, ElicitResult>? answer, bool canOpenUrls = true)
    {
        var options = new McpClientOptions
        {
            ProtocolVersion = link is Link.Session or Link.OldPipes ? "2025-11-25" : null,
            Handlers = answer is null ? new() : new() { ElicitationHandler = (question, _) => ValueTask.FromResult(answer(question!)) },
            Capabilities = answer is null ? null : new() { Elicitation = new() { Form = new(), Url = canOpenUrls ? new() : null } },
        };
        if (link is Link.Stateless or Link.Session)
        {
            return await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = Endpoint }), options, cancellationToken: Cancel);
        }

        return (await PipedConnection.OpenAsync(_app.Services, options)).Client;
    }

    private static Task IdentifyAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers[UserHeader] is [{ } user])
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new("tid", "contoso"), new("oid", user), new("azp", "vscode")], "test"));
        }

        return next(context);
    }

    // A filter of a team can change the arguments in the same way.
    private static McpRequestHandler<CallToolRequestParams, CallToolResult> WithoutNulls(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        (request, cancellationToken) =>
        {
            foreach (var (name, value) in request.Params!.Arguments?.ToArray() ?? [])
            {
                if (value.ValueKind == System.Text.Json.JsonValueKind.Null)
                {
                    request.Params.Arguments!.Remove(name);
                }
            }

            return next(request, cancellationToken);
        };

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}

/// <summary>The connections between a client and the server.</summary>
public enum Link
{
    /// <summary>HTTP without sessions: protocol 2026-07-28.</summary>
    Stateless,

    /// <summary>HTTP with a session: protocol 2025-11-25.</summary>
    Session,

    /// <summary>Pipes, as with stdio, protocol 2026-07-28.</summary>
    Pipes,

    /// <summary>Pipes, as with stdio, protocol 2025-11-25.</summary>
    OldPipes,
}
