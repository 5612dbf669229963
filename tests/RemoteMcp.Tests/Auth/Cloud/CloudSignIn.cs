using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Storage;
using RemoteMcp.Tests.Http;
using RemoteMcp.Tools;
using Xunit;

namespace RemoteMcp.Tests.Auth.Cloud;

/// <summary>The team's tools behind sign-in, with a managed identity as the server's only credential, and a Graph to call.</summary>
public abstract class CloudSignIn : EmulatedSignIn
{
    /// <summary>What Entra asks for when a second factor is missing, and takes as a wish at sign-in.</summary>
    protected const string SecondFactor = """{"access_token":{"capolids":{"essential":true,"values":["policy-1"]}}}""";

    // MSAL keeps the tokens of managed identities for the whole process: ids of this test alone.
    private readonly AssignedIdentity _identity = new()
    {
        ClientId = Guid.NewGuid().ToString(),
        ObjectId = Guid.NewGuid().ToString(),
        ResourceId = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/server",
    };

    private ProcessEnvironment? _environment;

    protected string IdentityClientId => _identity.ClientId;

    protected string IdentityObjectId => _identity.ObjectId;

    internal CloudRows Store { get; } = new();

    internal LogLines Log { get; } = new();

    /// <summary>How often Entra's token endpoint was asked.</summary>
    protected int Exchanges => Emulator.Requests.CountOf("/oauth2/v2.0/token");

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["RemoteMcp:ManagedIdentity:ClientId"] = _identity.ClientId,
        ["RemoteMcp:Account:GraphEndpoint"] = Emulator.Addresses.Graph.ToString(),
        ["RemoteMcp:Account:GraphResource"] = "https://graph.microsoft.com",
    };

    /// <summary>Whether the server's registration trusts the managed identity.</summary>
    protected virtual bool IsFederated => true;

    /// <summary>Where Graph is called.</summary>
    protected virtual HttpMessageHandler CreateGraphHandler() => Emulator.CreateHandler();

    public override async ValueTask InitializeAsync()
    {
        Sample.Contoso.ManagedIdentities.Add(_identity);
        if (IsFederated)
        {
            Sample.Server.FederatedCredentials.Add(new FederatedCredential(FederatedCredential.HomeTenantIssuer, _identity.ObjectId));
        }

        await base.InitializeAsync();
        UseIdentityEndpoint();
    }

    public override async ValueTask DisposeAsync()
    {
        _environment?.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the process the managed identity endpoint, or one where nothing answers.</summary>
    protected void UseIdentityEndpoint(string? instead = null)
    {
        _environment?.Dispose();
        _environment = new ProcessEnvironment(instead is null
            ? Emulator.IdentityEnvironment
            : new Dictionary<string, string> { ["IDENTITY_ENDPOINT"] = instead, ["IDENTITY_HEADER"] = "x" });
    }

    private protected override void AddTools(IMcpServerBuilder server)
    {
        server.Services.AddSingleton<IStateStore>(Store);
        server.Services.AddSingleton<ILoggerProvider>(Log);
        server.Services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Information));
        server.WithTeamTools(new ConfigurationBuilder().AddInMemoryCollection(Settings).Build());
        server.Services.AddHttpClient("Graph").ConfigurePrimaryHttpMessageHandler(CreateGraphHandler);
    }

    /// <summary>A token of somebody who signed in, maybe with a second factor.</summary>
    protected async Task<string> SignInAsync(User user, bool secondFactor = false) =>
        (await OAuth.SignInAndRedeemAsync(("login_hint", user.PrincipalName), ("claims", secondFactor ? SecondFactor : null))).AccessToken;

    protected void DemandSecondFactor() =>
        Sample.Contoso.ConditionalAccess[MicrosoftApplications.GraphId] = new(ConditionalAccessDecision.RequireMultifactor, "policy-1");

    /// <summary>Calls a tool as clients of 2026-07-28 do.</summary>
    internal async Task<ToolAnswer> CallAsync(string token, string tool = "get_my_profile", TestServerHost? server = null)
    {
        using var request = Messages.PostStateless(Messages.StatelessCall(tool)).WithToken(token);
        using var response = await (server ?? Server).Client.SendAsync(request, Cancelled);
        return new ToolAnswer(await response.ReadMessageAsync());
    }

    internal sealed record ToolAnswer(JsonNode Message)
    {
        public JsonNode Result => Message["result"] ?? throw new InvalidOperationException(Message.ToJsonString());

        public bool IsError => (bool?)Result["isError"] is true;

        public string Text => (string)Result["content"]![0]!["text"]!;

        /// <summary>The name in the profile that was read.</summary>
        public string? Name => (string?)Result["structuredContent"]?["display_name"] ?? throw new InvalidOperationException(Message.ToJsonString());

        public string Refusal
        {
            get
            {
                Assert.True(IsError, Message.ToJsonString());
                return Text;
            }
        }
    }
}
