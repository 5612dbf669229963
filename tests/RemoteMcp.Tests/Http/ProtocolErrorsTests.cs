using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Http;
using RemoteMcp.Protocol;
using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class ProtocolErrorsTests
{
    private const string Secret = TestTools.Secret;

    [Fact]
    public async Task A_failure_that_nobody_foresaw_is_an_internal_error_and_tells_nothing()
    {
        var context = await FailAsync(new InvalidOperationException(Secret, new ArgumentException(Secret)));

        Assert.Equal(500, context.Response.StatusCode);
        Assert.Equal(-32603, (int?)Error(context)["code"]);
        Assert.DoesNotContain(Secret, Body(context));
        Assert.DoesNotContain("InvalidOperation", Body(context));
    }

    [Fact]
    public async Task The_error_carries_the_id_of_the_request()
    {
        var context = await FailAsync(new InvalidOperationException(), """{"jsonrpc":"2.0","id":"abc","method":"ping"}""");

        Assert.Equal("abc", (string?)JsonNode.Parse(Body(context))!["id"]);
    }

    [Fact]
    public async Task Storage_that_does_not_answer_is_503_with_the_time_to_wait()
    {
        var context = await FailAsync(new StateUnavailableException(Secret, TimeSpan.FromSeconds(2.5), new IOException(Secret)));

        Assert.Equal(503, context.Response.StatusCode);
        Assert.Equal("3", context.Response.Headers.RetryAfter);
        Assert.DoesNotContain(Secret, Body(context));
    }

    [Fact]
    public async Task A_request_that_could_not_be_read_is_the_clients_fault()
    {
        var context = await FailAsync(new BadHttpRequestException(Secret, StatusCodes.Status408RequestTimeout));

        Assert.Equal(408, context.Response.StatusCode);
        Assert.Equal(-32000, (int?)Error(context)["code"]);
        Assert.DoesNotContain(Secret, Body(context));
    }

    [Fact]
    public async Task What_a_handler_had_prepared_does_not_leak_into_the_error()
    {
        var context = await RunAsync(static context =>
        {
            context.Response.Headers["Mcp-Session-Id"] = "half-open";
            context.Response.ContentType = "text/event-stream";
            throw new InvalidOperationException();
        });

        Assert.False(context.Response.Headers.ContainsKey("Mcp-Session-Id"));
        Assert.Equal("application/json", context.Response.ContentType);
    }

    [Fact]
    public async Task A_stream_that_has_begun_ends_with_the_error_in_place_of_the_answer()
    {
        var context = await RunAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("event: message\ndata: {}\n\n");
            throw new InvalidOperationException(Secret);
        }, """{"jsonrpc":"2.0","id":7,"method":"ping"}""");

        Assert.StartsWith("event: message\ndata: {}\n\nevent: message\ndata: {\"error\":{\"code\":-32603", Body(context));
        Assert.EndsWith("\"id\":7,\"jsonrpc\":\"2.0\"}\n\n", Body(context));
        Assert.DoesNotContain(Secret, Body(context));
    }

    [Fact]
    public async Task A_JSON_answer_that_has_begun_is_cut_off_for_it_cannot_be_mended()
    {
        var context = await RunAsync(static async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"half\":");
            throw new InvalidOperationException(Secret);
        });

        Assert.True(context.RequestAborted.IsCancellationRequested);
        Assert.Equal("{\"half\":", Body(context));
    }

    [Fact]
    public async Task Nobody_is_told_when_the_client_is_gone()
    {
        var context = await RunAsync(static context =>
        {
            context.Abort();
            throw new IOException(Secret);
        });

        Assert.Equal("", Body(context));
        Assert.Equal(499, context.Response.StatusCode);
    }

    [Theory]
    [InlineData(404, "/mcp")]
    [InlineData(405, "GET, POST")]
    [InlineData(415, "415")]
    public async Task A_bare_status_gets_a_body_that_helps(int status, string hint)
    {
        var context = await RunAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Allow = "GET, POST";
            return Task.CompletedTask;
        });

        Assert.Equal(status, context.Response.StatusCode);
        Assert.Contains(hint, (string?)Error(context)["message"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_that_fails_tells_the_client_that_it_failed_and_nothing_else(bool stateless)
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = stateless
            ? Messages.PostStateless(Messages.StatelessCall("throws"))
            : Messages.Post(Messages.Call("throws"), await host.Client.InitializeAsync());

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var result = (await response.ReadMessageAsync())["result"]!;
        Assert.True((bool?)result["isError"]);
        Assert.Contains("throws", result.ToJsonString());
        Assert.DoesNotContain(Secret, result.ToJsonString());
        Assert.DoesNotContain("Exception", result.ToJsonString());
    }

    private static Task<HttpContext> FailAsync(Exception exception, string? body = null) => RunAsync(_ => throw exception, body);

    private static async Task<HttpContext> RunAsync(RequestDelegate handler, string? body = null)
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).BuildServiceProvider();
        var wire = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Features.Set<IHttpRequestLifetimeFeature>(new Connection());
        context.Features.Set<IHttpResponseFeature>(new Response(wire));
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(wire));
        if (body is not null)
        {
            context.Features.Set(JsonRpcEnvelope.Read(Encoding.UTF8.GetBytes(body), ProtocolEra.Sessions));
        }

        var app = new ApplicationBuilder(services);
        app.UseProtocolErrors();
        app.Run(handler);
        await app.Build()(context);
        return context;
    }

    private static string Body(HttpContext context) => Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());

    private static JsonNode Error(HttpContext context) => JsonNode.Parse(Body(context))!["error"]!;

    private sealed class Connection : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public void Abort() => RequestAborted = new CancellationToken(canceled: true);
    }

    private sealed class Response(MemoryStream wire) : HttpResponseFeature
    {
        public override bool HasStarted => wire.Length > 0;
    }
}
