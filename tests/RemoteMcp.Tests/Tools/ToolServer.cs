using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using RemoteMcp.Tools;
using Xunit;

namespace RemoteMcp.Tests.Tools;

/// <summary>Provides a server with the team's tools and a real MCP client, connected by pipes.</summary>
internal sealed class ToolServer : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly PipedConnection _connection;

    private ToolServer(ServiceProvider services, PipedConnection connection, ToolServerUser user) =>
        (_services, _connection, User) = (services, connection, user);

    public McpClient Client => _connection.Client;

    /// <summary>Gets the user who answers the questions of the tools.</summary>
    public ToolServerUser User { get; }

    /// <summary>
    /// Starts the server. The default settings apply: the file tools share the current folder, and the state is in memory.
    /// </summary>
    /// <param name="settings">The settings, for example <c>RemoteMcp:Azure:Enabled</c>.</param>
    public static Task<ToolServer> StartAsync(params (string Name, string Value)[] settings) =>
        StartAsync(static _ => { }, settings: settings);

    /// <summary>Starts the server with services that replace its own.</summary>
    /// <param name="register">The registration of the services.</param>
    /// <param name="protocol">The protocol revision of the client, or <see langword="null"/> for its newest.</param>
    /// <param name="settings">The settings, for example <c>RemoteMcp:Azure:Enabled</c>.</param>
    public static async Task<ToolServer> StartAsync(
        Action<IServiceCollection> register, string? protocol = null, params (string Name, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();
        var services = new ServiceCollection().AddLogging();
        register(services);
        services.AddRemoteMcpServer(configuration).WithTeamTools(configuration);
        var provider = services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        var user = new ToolServerUser();
        var connection = await PipedConnection.OpenAsync(provider, new McpClientOptions
        {
            ProtocolVersion = protocol,
            Handlers = new() { ElicitationHandler = (question, _) => ValueTask.FromResult(user.Answer(question!.Message)) },
        });
        return new ToolServer(provider, connection, user);
    }

    public async Task<CallToolResult> CallAsync(
        string tool,
        object arguments,
        IProgress<ModelContextProtocol.ProgressNotificationValue>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var named = JsonSerializer.SerializeToElement(arguments).EnumerateObject()
            .ToDictionary(p => p.Name, p => (object?)p.Value);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken, cancellationToken);
        return await Client.CallToolAsync(tool, named, progress, cancellationToken: linked.Token);
    }

    /// <summary>Calls a tool that must succeed, and returns its structured content.</summary>
    public async Task<JsonElement> AnswerAsync(string tool, object arguments)
    {
        var result = await CallAsync(tool, arguments);
        Assert.False(result.IsError is true, TextOf(result));
        return result.StructuredContent!.Value;
    }

    /// <summary>Calls a tool that must fail, and returns the error for the model.</summary>
    public async Task<string> RefusalAsync(string tool, object arguments)
    {
        var result = await CallAsync(tool, arguments);
        Assert.True(result.IsError, $"{tool} did not return an error, but {TextOf(result)}");
        return TextOf(result);
    }

    public static string TextOf(CallToolResult result) =>
        string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _services.DisposeAsync();
    }
}

/// <summary>Represents the user of the client. By default, the user does not confirm questions.</summary>
internal sealed class ToolServerUser
{
    /// <summary>Gets the questions so far.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Gets or sets whether the user confirms questions.</summary>
    public bool Confirms { get; set; }

    /// <summary>Gets or sets the action that runs before each answer, for example a change while the user decides.</summary>
    public Action BeforeAnswer { get; set; } = static () => { };

    public ElicitResult Answer(string question)
    {
        Asked.Add(question);
        BeforeAnswer();
        return new ElicitResult
        {
            Action = "accept",
            Content = new Dictionary<string, JsonElement> { ["confirm"] = JsonSerializer.SerializeToElement(Confirms) },
        };
    }
}
