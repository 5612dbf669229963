using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.ManagedIdentity;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Cloud;

/// <summary>Tests that a tool acts on behalf of its caller with the token of the same request, on every transport.</summary>
[Collection(nameof(NonParallel))]
public sealed class OnBehalfOfToolTests : CloudSignIn
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings)
    {
        ["RemoteMcp:Fleet:DeliveryTimeout"] = "00:00:30",
        ["RemoteMcp:Fleet:PollIdle"] = "00:00:00.05",
    };

    [Fact]
    public async Task Tool_gets_the_callers_profile_with_only_the_managed_identity()
    {
        Sample.Server.Secrets.Clear();

        Assert.Equal("Adele Vance", (await CallAsync(await SignInAsync(Sample.Adele))).Name);
        Assert.Equal("Megan Bowen", (await CallAsync(await SignInAsync(Sample.Megan))).Name);
        Assert.Equal(1, Emulator.Requests.CountOf("/msi/token"));
    }

    [Fact]
    public async Task The_servers_own_identity_is_the_managed_identity()
    {
        var token = await Server.Services.GetRequiredService<AppCredential>().GetTokenAsync(
            new TokenRequestContext(["https://storage.azure.com/.default"]), Cancelled);

        Assert.Equal(IdentityObjectId, new JsonWebToken(token.Token).GetClaim("oid").Value);
    }

    [Fact]
    public async Task Session_call_uses_its_own_token_and_not_that_of_initialize()
    {
        DemandSecondFactor();
        var (weak, strong) = (await SignInAsync(Sample.Adele), await SignInAsync(Sample.Adele, secondFactor: true));
        var session = await InitializeAsync(weak);

        Assert.Equal("Adele Vance", (await CallInSessionAsync(session, strong)).Name);
        Assert.Contains("multi-factor", (await CallInSessionAsync(session, weak)).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_with_a_weaker_token_cannot_use_the_stronger_session_token()
    {
        DemandSecondFactor();
        var (weak, strong) = (await SignInAsync(Sample.Adele), await SignInAsync(Sample.Adele, secondFactor: true));
        var session = await InitializeAsync(strong);

        Assert.Contains("multi-factor", (await CallInSessionAsync(session, weak)).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_message_of_a_batch_uses_the_callers_token()
    {
        var token = await SignInAsync(Sample.Adele);
        var session = await InitializeAsync(token, "2025-03-26");
        var batch = $"[{Messages.Call("get_my_profile", id: "1")},{Messages.Call("get_my_profile", id: "2")}]";

        using var response = await SendAsync(Messages.Post(batch, session), token);

        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(2, body.Split("\"display_name\":\"Adele Vance\"").Length - 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HTTP_SSE_message_uses_its_own_token_at_every_instance(bool atAnotherInstance)
    {
        DemandSecondFactor();
        var (weak, strong) = (await SignInAsync(Sample.Adele), await SignInAsync(Sample.Adele, secondFactor: true));
        await using var other = await StartServerAsync(Settings);
        var client = atAnotherInstance ? other.Client : Server.Client;
        using var open = await SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "/mcp/sse") { Headers = { Accept = { new("text/event-stream") } } }, weak);
        using var stream = await SseReader.OpenAsync(open);
        var endpoint = await stream.ReadDataAsync();

        await PostAsync(Messages.Initialize("2024-11-05"), weak);
        _ = await stream.ReadMessageAsync();
        await PostAsync(Messages.Initialized, weak);
        await PostAsync(Messages.Call("get_my_profile", id: "1"), strong);
        Assert.Equal("Adele Vance", new ToolAnswer(await stream.ReadMessageAsync()).Name);
        await PostAsync(Messages.Call("get_my_profile", id: "2"), weak);
        Assert.Contains("multi-factor", new ToolAnswer(await stream.ReadMessageAsync()).Refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(Store.Written, row => row.Body.ToString().Contains(Signature(strong), StringComparison.Ordinal));

        async Task PostAsync(string message, string token)
        {
            using var request = Messages.Post(message, path: endpoint).WithToken(token);
            using var response = await client.SendAsync(request, Cancelled);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancelled));
        }
    }

    [Fact]
    public async Task Callers_token_appears_in_no_row_and_no_log_line()
    {
        var token = await SignInAsync(Sample.Adele);

        await CallAsync(token);

        // The emulated Graph refuses tokens for other audiences. This test checks the rows and the log.
        Assert.DoesNotContain(Store.Written, row => row.Body.ToString().Contains(Signature(token), StringComparison.Ordinal));
        Assert.DoesNotContain(
            Log.Lines,
            line => line.Contains(Signature(token), StringComparison.Ordinal) || line.Contains("eyJhbGci", StringComparison.Ordinal));
        Assert.NotEmpty(Log.Lines);
    }

    internal static string Signature(string token) => token[(token.LastIndexOf('.') + 1)..];

    private async Task<string> InitializeAsync(string token, string version = "2025-11-25")
    {
        using var response = await SendAsync(Messages.Post(Messages.Initialize(version)), token);
        return response.EnsureSuccessStatusCode().Headers.GetValues("Mcp-Session-Id").Single();
    }

    private async Task<ToolAnswer> CallInSessionAsync(string session, string token)
    {
        using var response = await SendAsync(Messages.Post(Messages.Call("get_my_profile"), session), token);
        return new ToolAnswer(await response.ReadMessageAsync());
    }
}
