using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Tools;
using RemoteMcp.Tools.Files.Store;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Provides a server with the team's tools and a real MCP client, connected by pipes.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly McpServer _server;
    private readonly Task _running;

    private FileServer(ServiceProvider services, McpServer server, Task running, McpClient client, FileServerUser user) =>
        (_services, _server, _running, Client, User) = (services, server, running, client, user);

    public McpClient Client { get; }

    /// <summary>Gets the user who answers the questions of the tools.</summary>
    public FileServerUser User { get; }

    /// <summary>Starts a server for a folder.</summary>
    public static Task<FileServer> StartAsync(string root, string? protocol = null, params (string Name, string Value)[] settings) =>
        StartAsync([("Root", root), .. settings], static _ => { }, protocol);

    /// <summary>Starts a server for a store. A setting without a section belongs to <c>RemoteMcp:Files</c>.</summary>
    public static Task<FileServer> StartAsync(IFileStore store, params (string Name, string Value)[] settings) =>
        StartAsync(settings, services => services.AddSingleton(store), protocol: null);

    /// <summary>Starts a server for the current folder with additional services.</summary>
    public static Task<FileServer> StartAsync(Action<IServiceCollection> register) => StartAsync([], register, protocol: null);

    public async Task<CallToolResult> CallAsync(string tool, object arguments, IProgress<ModelContextProtocol.ProgressNotificationValue>? progress = null, CancellationToken cancellationToken = default)
    {
        Dictionary<string, object?> named = JsonSerializer.SerializeToElement(arguments).EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken, cancellationToken);
        return await Client.CallToolAsync(tool, named, progress, cancellationToken: linked.Token);
    }

    /// <summary>Calls a tool that must succeed, and returns its structured content.</summary>
    public async Task<JsonElement> AnswerAsync(string tool, object arguments)
    {
        CallToolResult result = await CallAsync(tool, arguments);
        Assert.False(result.IsError is true, TextOf(result));
        return result.StructuredContent!.Value;
    }

    /// <summary>Calls a tool that must fail, and returns the error for the model.</summary>
    public async Task<string> RefusalAsync(string tool, object arguments)
    {
        CallToolResult result = await CallAsync(tool, arguments);
        Assert.True(result.IsError, $"{tool} did not return an error, but {TextOf(result)}");
        return TextOf(result);
    }

    public static string TextOf(CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _server.DisposeAsync();
        await _running;
        await _services.DisposeAsync();
    }

    private static async Task<FileServer> StartAsync((string Name, string Value)[] settings, Action<IServiceCollection> register, string? protocol)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(s => s.Name.Contains(':', StringComparison.Ordinal) ? s.Name : "RemoteMcp:Files:" + s.Name, s => (string?)s.Value))
            .Build();
        var services = new ServiceCollection().AddLogging();
        register(services);
        services.AddRemoteMcpServer(configuration).WithTeamTools(configuration);
        ServiceProvider provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        var toServer = new Pipe();
        var toClient = new Pipe();
        McpServer server = McpServer.Create(
            new StreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream()),
            provider.GetRequiredService<IOptions<McpServerOptions>>().Value,
            serviceProvider: provider);
        Task running = server.RunAsync(CancellationToken.None);
        var user = new FileServerUser();
        McpClient client = await McpClient.CreateAsync(
            new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()),
            new McpClientOptions
            {
                ProtocolVersion = protocol,
                Handlers = new() { ElicitationHandler = (question, _) => ValueTask.FromResult(user.Answer(question!.Message)) },
            },
            cancellationToken: TestContext.Current.CancellationToken);
        return new FileServer(provider, server, running, client, user);
    }
}

/// <summary>Represents the user of the client, who declines every question by default.</summary>
internal sealed class FileServerUser
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
