using System.Net;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Http;
using RemoteMcp.Testing.SignIn;
using RemoteMcp.Tests.Storage;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>
/// Tests the storage transactions of a sign-in, as listed in docs/state.md, and that sign-ins that nobody completes cost none.
/// </summary>
public sealed class SignInTransactionTests : SignInServer
{
    private const int Pending = 10_000;
    private const int Clients = 200;

    private readonly ControlledStore _store = new(new MemoryStateStore(TimeProvider.System));

    public SignInTransactionTests() => Store = _store;

    [Fact]
    public async Task Transactions_of_each_step_are_exact()
    {
        using var client = await Client().RegisterAsync();
        await client.SignInAsync();
        _store.Forget();

        using var other = await Client().RegisterAsync();
        AssertCost("register");
        var tokens = await other.SignInAsync();
        AssertCost("sign-in", "QUERY Grants", "INSERT Grants", "FIND Grants", "FIND Grants", "REPLACE Grants");
        tokens = await other.SignInAsync();
        AssertCost("sign-in with an earlier consent", "QUERY Grants", "INSERT Grants", "FIND Grants", "REPLACE Grants");
        await other.RefreshAsync(tokens.RefreshToken);
        AssertCost("refresh", "FIND Grants", "REPLACE Grants", "REPLACE Grants");
        await other.RefreshAsync(tokens.RefreshToken);
        AssertCost("repeated refresh", "FIND Grants");
        using var call = await SendAsync(Messages.PostStateless(Messages.StatelessCall("echo", """{"text":"x"}""")), tokens.AccessToken);
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        AssertCost("call");
    }

    [Fact]
    public async Task Attacks_cost_nothing()
    {
        using var client = await Client().RegisterAsync();
        var tokens = await client.SignInAsync();
        using var attacker = await Client().RegisterAsync();
        _store.Forget();

        await attacker.RefreshAsync(tokens.RefreshToken);
        await client.RefreshAsync(AttackedSignIn.Corrupt(tokens.RefreshToken));
        await client.RedeemAsync("unknown");
        await client.Browser.GoAsync(client.AuthorizeUrl(("redirect_uri", "https://evil.example")));
        await client.Browser.GoAsync(client.AuthorizeUrl(("ticket", "forged")));
        await client.Browser.GoAsync(new Uri(Server.Url, "/oauth/callback?state=forged&code=a"));

        AssertCost("attacks");
    }

    [Fact]
    public async Task Ten_thousand_pending_sign_ins_store_nothing()
    {
        using var client = await Client().RegisterAsync();
        await client.SignInAsync();
        var path = client.AuthorizeUrl().PathAndQuery;
        _store.Forget();

        await Parallel.ForAsync(0, Pending, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            using var response = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        });

        AssertCost("pending sign-ins");
    }

    [Fact]
    public async Task Refresh_storm_of_200_clients_signs_nobody_out()
    {
        await using var second = await StartServerAsync(Settings);
        using var client = await Client().RegisterAsync();
        using var elsewhere = ClientOf(second);
        elsewhere.ClientId = client.ClientId;
        var tokens = new List<TokenResponse>();
        foreach (var user in Sample.Contoso.Users)
        {
            Emulator.DefaultUser = user.PrincipalName;
            for (var index = 0; index < Clients / 2; index++)
            {
                using var browser = Client();
                browser.ClientId = client.ClientId;
                tokens.Add(await browser.SignInAsync());
            }
        }

        for (var round = 0; round < 2; round++)
        {
            var responses = await Task.WhenAll(tokens.Select((each, index) =>
                (index % 2 == round ? client : elsewhere).RefreshAsync(each.RefreshToken)));
            Assert.All(responses, static response => Assert.True(response.Status == HttpStatusCode.OK, response.Body.ToJsonString()));
            tokens = [.. responses];
        }

        Assert.Equal(0, Emulator.Requests.CountOfPrompt("consent"));
    }

    // The lease of the instance costs transactions in the background.
    private void AssertCost(string step, params string[] transactions)
    {
        var actual = _store.Requests
            .Where(static transaction => !transaction.EndsWith(" Instances", StringComparison.Ordinal)
                && !transaction.EndsWith(" Inbox", StringComparison.Ordinal)
                // The lease of the sweeper, which begins its work 30 s after the start.
                && !transaction.EndsWith(" Leases", StringComparison.Ordinal));
        Assert.Equal($"{step}: {string.Join(", ", transactions)}", $"{step}: {string.Join(", ", actual)}");
        _store.Forget();
    }
}
