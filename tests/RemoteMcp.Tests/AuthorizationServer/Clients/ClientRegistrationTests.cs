using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.AuthorizationServer;
using RemoteMcp.AuthorizationServer.Clients;
using RemoteMcp.Storage;
using RemoteMcp.Tests.DataProtection;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Clients;

/// <summary>Tests the dynamic registration of clients, with requests of real clients and hostile ones.</summary>
public sealed class ClientRegistrationTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));
    private readonly MemoryStateStore _store;
    private readonly FleetInstance _instance;

    public ClientRegistrationTests()
    {
        _store = new MemoryStateStore(_time);
        _instance = new FleetInstance(_store, _time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _instance.Dispose();

    [Fact]
    public async Task Client_that_asks_for_a_secret_becomes_a_public_client()
    {
        var (status, answer) = await RegisterAsync("""
            {
              "client_name": "MCP CLI Proxy", "redirect_uris": ["http://localhost:3334/oauth/callback"],
              "token_endpoint_auth_method": "client_secret_post", "grant_types": ["authorization_code", "refresh_token", "implicit"],
              "response_types": ["code", "token"], "software_id": "x", "jwks": { "keys": [] }
            }
            """);

        Assert.Equal(201, status);
        Assert.Equal("none", answer.GetProperty("token_endpoint_auth_method").GetString());
        Assert.Equal("MCP CLI Proxy", answer.GetProperty("client_name").GetString());
        Assert.Equal(1_800_000_000, answer.GetProperty("client_id_issued_at").GetInt64());
        Assert.Equal(["http://localhost:3334/oauth/callback"], Texts(answer, "redirect_uris"));
        Assert.Equal(["authorization_code", "refresh_token"], Texts(answer, "grant_types"));
        Assert.Equal(["code"], Texts(answer, "response_types"));
        Assert.False(answer.TryGetProperty("client_secret", out _));
    }

    [Fact]
    public async Task Registered_client_is_found_on_another_instance_without_any_row()
    {
        var (_, answer) = await RegisterAsync("""{"client_name":"Inspector","redirect_uris":["http://localhost:6274/oauth/callback"]}""");
        var clientId = answer.GetProperty("client_id").GetString()!;
        using var other = new FleetInstance(_store, _time);

        var client = (await Registrations(other).TryOpenAsync(clientId, Cancel))!;

        Assert.StartsWith("registration.", clientId);
        Assert.Equal(clientId, client.ClientId);
        Assert.Matches("^registration:[A-Za-z0-9_-]{43}$", client.Key);
        Assert.Equal("Inspector", client.Name);
        Assert.Equal(["http://localhost:6274/oauth/callback"], client.RedirectUris);
        Assert.Null(client.VerifiedHost);
    }

    [Fact]
    public async Task Redirects_that_this_server_does_not_allow_are_left_out()
    {
        var (status, answer) = await RegisterAsync("""
            {
              "client_name": "Cursor",
              "redirect_uris": [
                "cursor://anysphere.cursor-mcp/oauth/callback", "https://www.cursor.com/agents/mcp/oauth/callback",
                "grokbot://mcp/oauth/callback", "http://localhost:8787/callback"
              ]
            }
            """);

        Assert.Equal(201, status);
        Assert.Equal(
            ["cursor://anysphere.cursor-mcp/oauth/callback", "https://www.cursor.com/agents/mcp/oauth/callback",
                "http://localhost:8787/callback"],
            Texts(answer, "redirect_uris"));
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{'redirect_uris':['R'],}")]
    [InlineData("{'redirect_uris':['R'],'client_name':1}")]
    [InlineData("{'redirect_uris':['R'],'client_name':{'$gt':''}}")]
    [InlineData("{'redirect_uris':['R'],'client_name':['x']}")]
    [InlineData("{'redirect_uris':['R'],'client_name':'\\ud83d'}")]
    [InlineData("{'redirect_uris':['R'],'grant_types':'authorization_code'}")]
    [InlineData("{'redirect_uris':['R'],'grant_types':['client_credentials']}")]
    [InlineData("{'redirect_uris':['R'],'grant_types':['implicit']}")]
    [InlineData("{'redirect_uris':['R'],'grant_types':[{}]}")]
    [InlineData("{'redirect_uris':['R'],'response_types':['token']}")]
    [InlineData("{'redirect_uris':['R'],'response_types':1}")]
    [InlineData("{'redirect_uris':['R'],'redirect_uris':['javascript:alert(1)']}")]
    public async Task Invalid_metadata_is_refused(string body) => await AssertRefusedAsync(Json(body), 400, "invalid_client_metadata");

    [Theory]
    [InlineData("{}")]
    [InlineData("{'redirect_uris':null}")]
    [InlineData("{'redirect_uris':[]}")]
    [InlineData("{'redirect_uris':'R'}")]
    [InlineData("{'redirect_uris':{'0':'R'}}")]
    [InlineData("{'redirect_uris':[1]}")]
    [InlineData("{'redirect_uris':[null]}")]
    [InlineData("{'redirect_uris':[['R']]}")]
    [InlineData("{'redirect_uris':['']}")]
    [InlineData("{'redirect_uris':['javascript:alert(document.cookie)']}")]
    [InlineData("{'redirect_uris':['R','javascript:alert(1)']}")]
    [InlineData("{'redirect_uris':['data:text/html,x']}")]
    [InlineData("{'redirect_uris':['http://evil.com/']}")]
    [InlineData("{'redirect_uris':['https://evil.com/']}")]
    [InlineData("{'redirect_uris':['R#fragment']}")]
    [InlineData("{'redirect_uris':['https://claude.ai/\\u202e']}")]
    public async Task Invalid_redirect_URI_is_refused(string body) => await AssertRefusedAsync(Json(body), 400, "invalid_redirect_uri");

    [Theory]
    [InlineData(10, 201)]
    [InlineData(11, 400)]
    [InlineData(3000, 400)]
    [InlineData(10_000, 413)]
    public async Task Client_may_register_10_redirect_URIs(int count, int status)
    {
        var uris = string.Join(',', Enumerable.Repeat(count > 11 ? "\"a\"" : $"\"{TestClients.Redirect}\"", count));

        Assert.Equal(status, (await RegisterAsync($$"""{"redirect_uris":[{{uris}}]}""")).Status);
    }

    [Theory]
    [InlineData(10, 60, 201)]
    [InlineData(1, 512, 201)]
    [InlineData(4, 512, 400)]
    [InlineData(10, 512, 400)]
    public async Task Registration_must_fit_in_a_client_id(int count, int length, int expected)
    {
        var uris = string.Join(',', Enumerable.Repeat($"\"{"http://127.0.0.1/".PadRight(length, '&')}\"", count));
        var name = string.Concat(Enumerable.Repeat("\U0001F600", 100));

        var (status, answer) = await RegisterAsync($$"""{"client_name":"{{name}}","redirect_uris":[{{uris}}]}""");

        Assert.Equal(expected, status);
        Assert.True(!answer.TryGetProperty("client_id", out var id) || id.GetString()!.Length <= ClientResolver.MaxLength);
    }

    [Theory]
    [InlineData("  Claude  ", "Claude")]
    [InlineData("", "Unnamed client")]
    [InlineData(" \t ", "Unnamed client")]
    [InlineData("<script>alert(1)</script>", "<script>alert(1)</script>")]
    [InlineData("Claude\u202Eedualc", @"Claude\u202Eedualc")]
    [InlineData("Cl\u200Baude", @"Cl\u200Baude")]
    [InlineData("Claude\r\nVerified by Contoso", @"Claude\u000D\u000AVerified by Contoso")]
    [InlineData("Claude\u2028x", @"Claude\u2028x")]
    [InlineData("\0", @"\u0000")]
    [InlineData("\U000E0041", @"\uE0041")]
    public async Task Name_is_one_line_without_invisible_characters(string name, string shown)
    {
        var (_, answer) = await RegisterAsync(
            $$"""{"client_name":{{JsonSerializer.Serialize(name)}},"redirect_uris":["{{TestClients.Redirect}}"]}""");

        Assert.Equal(shown, answer.GetProperty("client_name").GetString());
    }

    [Theory]
    [InlineData("x", 5000)]
    [InlineData("\u202E", 500)]
    [InlineData("\U0001F600", 500)]
    [InlineData("\U000E0041", 79)]
    public async Task Name_has_80_characters_at_most(string text, int count)
    {
        var name = JsonSerializer.Serialize(string.Concat(Enumerable.Repeat(text, count)));

        var (_, answer) = await RegisterAsync($$"""{"client_name":{{name}},"redirect_uris":["{{TestClients.Redirect}}"]}""");

        Assert.InRange(answer.GetProperty("client_name").GetString()!.Length, 70, ClientMetadata.MaxNameLength);
    }

    [Fact]
    public async Task Web_client_without_a_name_is_called_by_its_host()
    {
        var (_, answer) = await RegisterAsync("""{"redirect_uris":["http://127.0.0.1/","https://claude.ai/api/mcp/auth_callback"]}""");

        Assert.Equal("claude.ai", answer.GetProperty("client_name").GetString());
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public async Task Deeply_nested_JSON_is_refused(string level) => await AssertRefusedAsync(
        $$"""{"redirect_uris":["{{TestClients.Redirect}}"],"x":{{string.Concat(Enumerable.Repeat(level, 2000))}}""",
        400,
        "invalid_client_metadata");

    [Theory]
    [InlineData(16_384, 201)]
    [InlineData(16_385, 413)]
    [InlineData(1_000_000, 413)]
    public async Task Request_may_have_16_KB(int bytes, int status)
    {
        var body = $$"""{"redirect_uris":["{{TestClients.Redirect}}"]}""".PadRight(bytes);

        Assert.Equal(status, (await RegisterAsync(body)).Status);
        Assert.Equal(status, (await RegisterAsync(body, hasLength: false)).Status);
    }

    [Fact]
    public async Task Body_without_an_end_is_read_only_to_the_limit()
    {
        var body = new EndlessStream();

        var (status, _) = await RegisterAsync(body, length: null, "application/json");

        Assert.Equal(413, status);
        Assert.Equal(ClientRegistration.MaxBytes + 1, body.BytesRead);
    }

    [Fact]
    public async Task Body_that_is_declared_too_long_is_not_read()
    {
        var body = new EndlessStream();

        var (status, _) = await RegisterAsync(body, length: long.MaxValue, "application/json");

        Assert.Equal(413, status);
        Assert.Equal(0, body.BytesRead);
    }

    [Fact]
    public async Task Body_that_never_arrives_ends_with_the_request()
    {
        var body = new SilentStream();
        using var aborted = new CancellationTokenSource();

        var registering = RegisterAsync(body, length: null, "application/json", aborted);
        await body.Asked.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        await aborted.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => registering);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Request_must_be_JSON(string? contentType)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"redirect_uris":["{{TestClients.Redirect}}"]}""");

        var (status, answer) = await RegisterAsync(new MemoryStream(body), body.Length, contentType);

        Assert.Equal(400, status);
        Assert.Contains("application/json", answer.GetProperty("error_description").GetString());
    }

    [Fact]
    public async Task Text_that_is_not_UTF8_is_refused()
    {
        var body = Encoding.Latin1.GetBytes($$"""{"redirect_uris":["{{TestClients.Redirect}}"],"client_name":"ü"}""");

        Assert.Equal(400, (await RegisterAsync(new MemoryStream(body), body.Length, "application/json")).Status);
    }

    [Fact]
    public async Task Registrations_leave_no_rows()
    {
        await RegisterAsync($$"""{"redirect_uris":["{{TestClients.Redirect}}"]}""");
        var store = new RemoteMcp.Tests.Storage.ControlledStore(_store);
        using var instance = new FleetInstance(store, _time);
        await instance.Ring.ReadyAsync(Cancel);
        var before = store.Requests.Count;

        for (var number = 0; number < 100; number++)
        {
            var registration = new Registration("Flood", [TestClients.Redirect], number);
            var clientId = await Registrations(instance).TrySealAsync(registration, Cancel);
            Assert.NotNull(await Registrations(instance).TryOpenAsync(clientId!, Cancel));
        }

        Assert.Equal(before, store.Requests.Count);
    }

    private static SealedRegistrations Registrations(FleetInstance instance) => new(instance.Ring, TestClients.Policy());

    private static string Json(string text) =>
        text.Replace('\'', '"').Replace("\"R", "\"" + TestClients.Redirect, StringComparison.Ordinal);

    private static string[] Texts(JsonElement answer, string member) =>
        [.. answer.GetProperty(member).EnumerateArray().Select(static text => text.GetString()!)];

    private async Task AssertRefusedAsync(string body, int expectedStatus, string error)
    {
        var (status, answer) = await RegisterAsync(body);

        Assert.Equal(expectedStatus, status);
        Assert.Equal(error, answer.GetProperty("error").GetString());
        Assert.EndsWith(".", answer.GetProperty("error_description").GetString());
    }

    private Task<(int Status, JsonElement Answer)> RegisterAsync(string body, bool hasLength = true)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return RegisterAsync(new MemoryStream(bytes), hasLength ? bytes.Length : null, "application/json; charset=utf-8");
    }

    private async Task<(int Status, JsonElement Answer)> RegisterAsync(
        Stream body, long? length, string? contentType, CancellationTokenSource? aborted = null)
    {
        var context = new DefaultHttpContext { RequestAborted = aborted?.Token ?? Cancel };
        context.Request.Method = HttpMethods.Post;
        context.Request.ContentType = contentType;
        context.Request.ContentLength = length;
        context.Request.Body = body;
        using var response = new MemoryStream();
        context.Response.Body = response;

        var audit = new SignInAudit(NullLogger<SignInAudit>.Instance, _time);
        await new ClientRegistration(Registrations(_instance), TestClients.Policy(), audit, _time).RegisterAsync(context);

        Assert.Equal("no-store", context.Response.Headers.CacheControl);
        Assert.Equal("application/json", context.Response.ContentType);
        return (context.Response.StatusCode, JsonDocument.Parse(response.ToArray()).RootElement);
    }
}
