using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Storage;
using RemoteMcp.Storage.Tables;
using Xunit;

namespace RemoteMcp.Tests.Storage;

/// <summary>Tests that rows expire by the clock of Table Storage if the clock of the machine differs from it.</summary>
public sealed class DifferentClockTests : IDisposable
{
    private static readonly StateKey s_key = new("Instances", "fleet", "a");

    private readonly FakeTimeProvider _machine = new();
    private readonly FakeTables _tables = new();
    private readonly TableStateStore _store;

    public DifferentClockTests()
    {
        var clock = new StorageClock(_machine);
        var options = TableClients.ClientOptions(new HttpClientTransport(_tables), clock);
        _store = new TableStateStore(new TableServiceClient("UseDevelopmentStorage=true", options), "Mcp", clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _tables.Dispose();

    [Theory]
    [InlineData(6)]
    [InlineData(-90)]
    public async Task A_row_is_written_with_the_time_of_the_storage(int difference)
    {
        await MeasureAsync(difference);

        await _store.TryInsertAsync(s_key, BinaryData.FromString("{}"), _machine.GetUtcNow() + TimeSpan.FromSeconds(8), Cancellation);

        var written = _tables.LastBody!["Expires"]!.GetValue<string>();
        Assert.Equal(
            _tables.Now + TimeSpan.FromSeconds(8), DateTimeOffset.Parse(written, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(90)]
    [InlineData(-90)]
    public async Task A_row_is_read_with_the_time_of_the_machine(int difference)
    {
        await MeasureAsync(difference);
        _tables.Expires = _tables.Now + TimeSpan.FromSeconds(5);

        var row = await _store.FindAsync(s_key, Cancellation);

        Assert.Equal(_machine.GetUtcNow() + TimeSpan.FromSeconds(5), row!.ExpiresAt, TimeSpan.FromSeconds(1));
        _tables.Expires = _tables.Now - TimeSpan.FromSeconds(5);
        Assert.Null(await _store.FindAsync(s_key, Cancellation));
    }

    private Task<StateRow?> MeasureAsync(int difference)
    {
        _tables.Now = _machine.GetUtcNow() + TimeSpan.FromSeconds(difference);
        return _store.FindAsync(s_key, Cancellation);
    }

    /// <summary>A table with one row. It responds with the time of its own clock.</summary>
    private sealed class FakeTables : HttpMessageHandler
    {
        public DateTimeOffset Now { get; set; }

        public DateTimeOffset? Expires { get; set; }

        public JsonNode? LastBody { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.NotFound) { RequestMessage = request };
            response.Headers.Date = Now;
            if (request.Method == HttpMethod.Post)
            {
                LastBody = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
                response.StatusCode = HttpStatusCode.NoContent;
                response.Headers.TryAddWithoutValidation("ETag", "W/\"1\"");
            }
            else if (Expires is { } expires)
            {
                response.StatusCode = HttpStatusCode.OK;
                response.Content = new StringContent(
                    $$"""
                    {"odata.etag":"W/\"1\"","PartitionKey":"fleet","RowKey":"a",
                    "Expires@odata.type":"Edm.DateTime","Expires":"{{expires.UtcDateTime:O}}"}
                    """,
                    Encoding.UTF8,
                    "application/json");
            }
            else
            {
                response.Content = new StringContent("""{"odata.error":{"code":"ResourceNotFound"} }""", Encoding.UTF8, "application/json");
            }

            return response;
        }
    }
}
