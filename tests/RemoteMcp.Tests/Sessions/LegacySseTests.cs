using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Fleet;
using RemoteMcp.Http;
using RemoteMcp.Limits;
using RemoteMcp.Sessions;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using RemoteMcp.Tests.Observability;
using Xunit;

namespace RemoteMcp.Tests.Sessions;

public sealed class LegacySseTests
{
    [Fact]
    public async Task A_message_sent_immediately_after_the_endpoint_event_is_accepted()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IStateStore>(new MemoryStateStore(TimeProvider.System)).AddRemoteMcp(builder.Configuration);
        using var host = builder.Build();
        var legacy = host.Services.GetRequiredService<LegacySse>();
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var client = new EagerClient(legacy, host.Services);
        var context = new DefaultHttpContext { RequestServices = host.Services, RequestAborted = leaves.Token };
        context.Response.Body = client;

        var streaming = legacy.StreamAsync(context);

        Assert.Equal(
            StatusCodes.Status202Accepted, await client.Answered.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        await leaves.CancelAsync();
        await streaming;
    }

    [Theory]
    [InlineData(nameof(LimitOptions.ConcurrentRequests), "concurrent requests")]
    [InlineData(nameof(LimitOptions.RequestBytesPerCaller), "no memory for another request body")]
    public async Task A_relayed_call_over_a_limit_is_refused_on_the_stream_and_has_one_audit_line(string limit, string expected)
    {
        var log = new CapturedLog();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["RemoteMcp:Auth:Mode"] = "Entra",
            ["RemoteMcp:Auth:TenantId"] = SampleDirectory.ContosoId,
            ["RemoteMcp:Auth:ClientId"] = SampleDirectory.ServerId,
            ["RemoteMcp:Limits:ConcurrentRequests"] = "1",
        });
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton<IStateStore>(new MemoryStateStore(TimeProvider.System)).AddRemoteMcp(builder.Configuration);
        using var host = builder.Build();
        var legacy = host.Services.GetRequiredService<LegacySse>();
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var user = new ClaimsPrincipal(
            new ClaimsIdentity([new("tid", "t"), new("oid", "ada"), new("sub", "ada"), new("azp", "desk")], "test"));
        await using var body = new SharedBody();
        var context = new DefaultHttpContext { RequestServices = host.Services, RequestAborted = leaves.Token, User = user };
        context.Response.Body = body;
        var streaming = legacy.StreamAsync(context);
        await Eventually.IsTrueAsync(() => body.Text.Contains("sessionId=", StringComparison.Ordinal));
        var id = body.Text.Split("sessionId=")[1].Split('.')[0];
        using var permit = new RequestPermit();
        if (limit == nameof(LimitOptions.ConcurrentRequests))
        {
            permit.Add(host.Services.GetRequiredService<CallerLimits>().BeginCall(Caller.From(user)));
        }
        else
        {
            var all = host.Services.GetRequiredService<IOptions<LimitOptions>>().Value.RequestBytesPerCaller;
            Assert.Null(host.Services.GetRequiredService<RequestMemory>().TryTake(Caller.From(user), all, all, permit));
        }

        var handled = await legacy.TryHandleAsync(
            new InboxMessage(
                InboxKind.Deliver,
                id,
                Payload: """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo"}}""",
                Claims: CallerClaims.Pack(user)),
            TestContext.Current.CancellationToken);

        Assert.True(handled);
        await Eventually.IsTrueAsync(() => body.Text.Contains("\"id\":7", StringComparison.Ordinal));
        Assert.Contains(expected, body.Text, StringComparison.Ordinal);
        Assert.StartsWith(
            $"Request tools/call echo refused for t/ada through desk: 429 limit {limit} in ",
            Assert.Single(log.Audit),
            StringComparison.Ordinal);
        await leaves.CancelAsync();
        await streaming;
    }

    /// <summary>A response body that a test reads while the server writes it.</summary>
    private sealed class SharedBody : MemoryStream
    {
        private readonly Lock _lock = new();

        public string Text
        {
            get
            {
                lock (_lock)
                {
                    return Encoding.UTF8.GetString(GetBuffer(), 0, (int)Length);
                }
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            lock (_lock)
            {
                Write(buffer.Span);
            }

            return ValueTask.CompletedTask;
        }
    }

    /// <summary>A client that sends its first message before the server has finished writing the endpoint event.</summary>
    private sealed class EagerClient(LegacySse legacy, IServiceProvider services) : MemoryStream
    {
        private readonly TaskCompletionSource<int> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private bool _isSent;

        public Task<int> Answered => _answered.Task;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, cancellationToken);
            var told = Encoding.UTF8.GetString(GetBuffer(), 0, (int)Length);
            if (!_isSent
                && told.IndexOf('?', StringComparison.Ordinal) is > 0 and var query
                && told.EndsWith("\n\n", StringComparison.Ordinal))
            {
                _isSent = true;
                var context = new DefaultHttpContext { RequestServices = services, RequestAborted = cancellationToken };
                context.Request.Method = HttpMethods.Post;
                context.Request.QueryString = new QueryString(told[query..].TrimEnd());
                context.Features.Set(new BufferedBody("""{"jsonrpc":"2.0","id":1,"method":"ping"}"""u8.ToArray()));
                using var permit = new RequestPermit();
                context.Features.Set(permit);
                await legacy.MessageAsync(context);
                _answered.TrySetResult(context.Response.StatusCode);
            }
        }
    }
}
