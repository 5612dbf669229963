using System.Net;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Limits;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests that large, repeated, and malformed input gets a refusal and never an internal error.</summary>
public sealed class RequestLimitTests(AttackedSignIn server) : IClassFixture<AttackedSignIn>
{
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly string[] s_paths =
    [
        "/oauth/authorize", "/authorize", "/oauth/token", "/token", "/oauth/register", "/register", "/oauth/callback",
        "/oauth/connections", "/oauth/step-up", "/oauth/jwks", "/.well-known/oauth-authorization-server/oauth",
        "/oauth/.well-known/openid-configuration",
    ];

    public static TheoryData<string, string> Methods
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var path in s_paths)
            {
                foreach (var method in new[] { "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "GET", "POST" })
                {
                    data.Add(method, path);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Empty_request_with_any_method_is_no_internal_error(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await server.SendAsync(request);

        Assert.True((int)response.StatusCode < 500, response.StatusCode.ToString());
        if (method is "PUT" or "DELETE" or "PATCH")
        {
            await AttackedSignIn.AssertRefusedAsync(response);
        }
    }

    [Theory]
    [InlineData("/oauth/token", Form)]
    [InlineData("/oauth/register", "application/json")]
    public async Task Form_gets_503_if_unread_forms_occupy_the_memory(string path, string contentType)
    {
        var memory = server.Server.Services.GetRequiredService<RequestMemory>();
        var taken = new List<RateLimitLease>();
        while (taken is not [.., { IsAcquired: false }])
        {
            taken.Add(memory.TryTakeAnonymous());
        }

        try
        {
            using var refused = await server.PostAsync(path, "{}", contentType);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }
        finally
        {
            taken.ForEach(static lease => lease.Dispose());
        }

        using var served = await server.PostAsync(path, "{}", contentType);
        Assert.Equal(HttpStatusCode.BadRequest, served.StatusCode);
    }

    [Theory]
    [InlineData("response_type")]
    [InlineData("client_id")]
    [InlineData("redirect_uri")]
    [InlineData("scope")]
    [InlineData("state")]
    [InlineData("code_challenge")]
    [InlineData("code_challenge_method")]
    [InlineData("prompt")]
    [InlineData("response_mode")]
    [InlineData("ticket")]
    [InlineData("nonce")]
    public async Task Repeated_parameter_starts_no_sign_in(string parameter)
    {
        using var client = await server.RegisterAsync();
        var url = client.AuthorizeUrl((parameter, "a"));

        using var response = await client.GetAsync($"{url.PathAndQuery}&{parameter}=b");

        await AttackedSignIn.AssertRefusedAsync(response);
    }

    [Theory]
    [InlineData(4097)]
    [InlineData(6000)]
    public async Task Long_state_is_reported_to_the_client(int length)
    {
        using var client = await server.RegisterAsync();

        var page = await client.Browser.GoAsync(client.AuthorizeUrl(("state", new string('a', length))));

        Assert.Equal("invalid_request", page.Parameters["error"]);
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(30_000)]
    public async Task Longer_state_in_the_url_is_refused_by_the_server(int length)
    {
        using var client = await server.RegisterAsync();

        using var response = await client.GetAsync(client.AuthorizeUrl(("state", new string('a', length))).PathAndQuery);

        await AttackedSignIn.AssertRefusedAsync(response);
    }

    [Fact]
    public async Task Ten_thousand_scopes_are_reported_to_the_client()
    {
        using var client = await server.RegisterAsync();
        var query = client.AuthorizeUrl(("scope", string.Join(' ', Enumerable.Repeat("a", 10_000)))).Query[1..];

        using var response = await server.PostAsync("/oauth/authorize", query);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("invalid_request", AttackedSignIn.ParameterOf(response.Headers.Location!, "error"));
    }

    [Theory]
    [InlineData("/oauth/token")]
    [InlineData("/oauth/authorize")]
    [InlineData("/token")]
    [InlineData("/authorize")]
    public async Task Hostile_forms_are_refused(string path)
    {
        foreach (var body in new[]
        {
            string.Concat(Enumerable.Range(0, 1_100).Select(static index => $"a{index}=1&")),
            string.Concat(Enumerable.Repeat("a=1&", 1_100)),
            new string('a', 3_000) + "=1",
            "a=" + new string('a', 70_000),
            new string('&', 10_000),
            new string('=', 10_000),
            "%=%&%%%=%zz",
            "client_id=%00&grant_type=%FF%FE",
            "grant_type=authorization_code&client_id[]=a&client_id[b]=c",
            "{\"grant_type\":\"refresh_token\"}",
            "\u0000",
        })
        {
            using var response = await server.PostAsync(path, body);

            await AttackedSignIn.AssertRefusedAsync(response);
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/x-www-form-urlencodedx")]
    [InlineData("application/x-www-form-urlencoded/x")]
    [InlineData("application/x-www-form-urlencoded;;=")]
    [InlineData("application/x-www-form-urlencoded; charset=nonsense")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-32")]
    [InlineData("a")]
    [InlineData("")]
    public async Task Any_content_type_is_no_internal_error(string type)
    {
        foreach (var path in new[] { "/oauth/token", "/oauth/authorize", "/oauth/register" })
        {
            using var response = await server.PostAsync(path, "grant_type=authorization_code&client_id=a&code=b", type);

            await AttackedSignIn.AssertRefusedAsync(response);
        }
    }

    [Theory]
    [InlineData("/oauth/token")]
    [InlineData("/oauth/authorize")]
    [InlineData("/oauth/register")]
    public async Task Chunked_body_is_limited_too(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent("a=" + new string('a', 200_000), Encoding.UTF8, Form),
            Headers = { TransferEncodingChunked = true },
        };

        using var response = await server.SendAsync(request);

        await AttackedSignIn.AssertRefusedAsync(response);
    }

    [Theory]
    [InlineData("Basic YTpi")]
    [InlineData("Basic %%%")]
    [InlineData("Bearer a")]
    [InlineData("Negotiate a")]
    public async Task Authorization_header_is_no_way_around(string header)
    {
        using var client = await server.RegisterAsync();
        var code = (await client.AuthorizeAsync())["code"];
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "authorization_code"), new("code", code)]),
        };
        request.Headers.TryAddWithoutValidation("Authorization", header);

        using var response = await server.SendAsync(request);

        await AttackedSignIn.AssertRefusedAsync(response);
        Assert.Equal(HttpStatusCode.OK, (await client.RedeemAsync(code)).Status);
    }

    [Theory]
    [InlineData("step=a")]
    [InlineData("step=%%%")]
    [InlineData("step=a&step=b")]
    [InlineData("")]
    public async Task Forged_step_up_link_gets_a_page(string query)
    {
        using var browser = new BrowserDriver(server.Emulator);

        AttackedSignIn.AssertRefused(await browser.GoAsync(new Uri(server.Server.Url, "/oauth/step-up?" + query)));
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task Unknown_host_gets_nothing(string host)
    {
        foreach (var path in s_paths)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };

            using var response = await server.SendAsync(request);

            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }
}
