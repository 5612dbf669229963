using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Elicitation;

/// <summary>
/// Asks the user something in the middle of a tool call: a parameter of this type is filled in by the server and is no argument of
/// the tool. Works for clients of every revision that can elicit: through the session up to 2025-11-25, by multi-round-trip requests
/// from 2026-07-28 on.
/// </summary>
/// <remarks>
/// <para>
/// <b>A question ends the run.</b> When its answer is there, the tool runs again from the start, on any instance, and each question that
/// was answered before returns its answer at once. So do what has effects after the last question, ask the same questions in the same
/// order as long as the answers are the same, await one question before the next, and let the exception that a question throws
/// pass: catch no plain <see cref="Exception"/> around it.
/// </para>
/// <para>
/// The answers so far travel sealed through the client; they are bound to the caller, the tool and its arguments, and expire
/// (<see cref="ElicitationOptions.StateLifetime"/>). A question that is put differently in a later run is a new question.
/// </para>
/// <para>The same goes for prompts and resources. UserPrompts at most <see cref="MaxRounds"/> questions in one call.</para>
/// </remarks>
/// <example>
/// <code>
/// [McpServerTool(Name = "delete_reports", Destructive = true)]
/// public async Task&lt;string&gt; DeleteReports(int year, UserPrompts prompts, CancellationToken cancellationToken)
/// {
///     if (!await prompts.ConfirmAsync($"Delete all reports of {year}?", cancellationToken))
///     {
///         return "Nothing was deleted: the user said no.";
///     }
///
///     await prompts.ConsumeAnswersAsync(cancellationToken);
///     …
/// }
/// </code>
/// </example>
public sealed class UserPrompts
{
    /// <summary>The most times that one call may come back with a question; answers that did not fit count too.</summary>
    public const int MaxRounds = 10;

    private const int MaxInvalidAnswers = 3;
    private const string ConfirmField = "confirm";

    private static readonly ElicitRequestParams.RequestSchema ConfirmSchema = new()
    {
        Properties = { [ConfirmField] = new ElicitRequestParams.BooleanSchema { Title = "Confirm", Description = "Whether to go on." } },
        Required = [ConfirmField],
    };

    private readonly MessageContext _request;
    private readonly RequestParams _params;
    private readonly Conversation _conversation;
    private readonly ReplayGuard _marks;
    private readonly string? _open;
    private int _next;

    internal UserPrompts(MessageContext request, RequestParams requestParams, Conversation conversation, ReplayGuard marks)
    {
        (_request, _params, _conversation, _marks) = (request, requestParams, conversation, marks);
        (_open, conversation.Asked) = (conversation.Asked, null);
    }

    /// <summary>Asks for a yes or no.</summary>
    /// <param name="question">What is asked, e.g. "Delete 3 files?"; shown as it is.</param>
    /// <param name="cancellationToken">The call's token.</param>
    /// <returns>Whether the user said yes; anything else, declining and closing included, is a no.</returns>
    /// <exception cref="InputRequiredException">There is no answer yet. Let it pass.</exception>
    /// <exception cref="McpException">The client cannot ask, the answers never fit, or the call has asked too often.</exception>
    public ValueTask<bool> ConfirmAsync(string question, CancellationToken cancellationToken = default)
    {
        var reply = Reply(Question.Form(question, ConfirmSchema), FieldsOf(ConfirmSchema), cancellationToken);
        return ValueTask.FromResult(reply.Content?[ConfirmField].GetBoolean() is true);
    }

    /// <summary>Asks for a filled-in form.</summary>
    /// <typeparam name="T">
    /// A flat record: strings, numbers, booleans, enumerations and dates. A nullable property, or one with a default, may be left empty;
    /// <c>[Description]</c>, <c>[DisplayName]</c>, <c>[Range]</c>, <c>[StringLength]</c> and <c>[EmailAddress]</c> say more.
    /// </typeparam>
    /// <param name="question">What is asked; shown as it is.</param>
    /// <param name="cancellationToken">The call's token.</param>
    /// <returns>The form, checked; or that the user declined or closed it. A form that does not fit is asked for again.</returns>
    /// <exception cref="InputRequiredException">There is no answer yet. Let it pass.</exception>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is no such record.</exception>
    /// <exception cref="McpException">The client cannot ask, the answers never fit, or the call has asked too often.</exception>
    public ValueTask<Answer<T>> FormAsync<T>(string question, CancellationToken cancellationToken = default)
        where T : class
    {
        var schema = FormSchema.For(typeof(T));
        T? value = null;
        var reply = Reply(Question.Form(question, schema), CheckForm, cancellationToken);
        if (reply.Kind == AnswerKind.Accepted && value is null)
        {
            CheckForm(reply.Content!);
        }

        return ValueTask.FromResult(new Answer<T>(reply.Kind, value));

        string? CheckForm(Dictionary<string, JsonElement> fields) => FieldsOf(schema)(fields) ?? FormReader.TryRead(fields, out value);
    }

    /// <summary>
    /// Asks the user to open a web page, e.g. to sign in or to consent. A yes means that the page was opened, not that the user is done
    /// there: look whether what the page is for has happened.
    /// </summary>
    /// <param name="reason">What the page is for; shown as it is.</param>
    /// <param name="url">
    /// The page: https, or http on this machine. Its query may differ from run to run, the rest of it tells it from another page.
    /// </param>
    /// <param name="cancellationToken">The call's token.</param>
    /// <returns>Whether the user opened it; declining and closing is a no.</returns>
    /// <exception cref="InputRequiredException">There is no answer yet. Let it pass.</exception>
    /// <exception cref="ArgumentException"><paramref name="url"/> is no such URL.</exception>
    /// <exception cref="McpException">The client cannot ask, the answers never fit, or the call has asked too often.</exception>
    public ValueTask<bool> OpenUrlAsync(string reason, Uri url, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!url.IsAbsoluteUri || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
        {
            throw new ArgumentException("Users are sent to https URLs only, or to http on this machine.", nameof(url));
        }

        return ValueTask.FromResult(Reply(Question.Url(reason, url), static _ => null, cancellationToken).Kind == AnswerKind.Accepted);
    }

    /// <summary>
    /// Call this before an act that must not happen twice on the same answers. A client may repeat its last request, answers included,
    /// until they expire; the repetition is refused here. Does nothing when the user was not asked.
    /// </summary>
    /// <param name="cancellationToken">The call's token.</param>
    /// <exception cref="McpException">
    /// These answers have been used, or it cannot be told because the state storage does not answer; the tool must not act.
    /// </exception>
    public ValueTask ConsumeAnswersAsync(CancellationToken cancellationToken = default) =>
        _conversation.Id is { } id ? _marks.UseAsync(_request.User, id, cancellationToken) : ValueTask.CompletedTask;

    private Reply Reply(Question question, Func<Dictionary<string, JsonElement>, string?> check, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrWhiteSpace(question.Params.Message, nameof(question));
        var index = _next++;
        var answers = _conversation.Answers;
        if (index < answers.Count && answers[index].Question == question.Fingerprint)
        {
            return answers[index];
        }

        // Something else is asked than in the run before: the answers from here on belonged to that.
        var isOpen = index == answers.Count && _open == question.Fingerprint;
        answers.RemoveRange(index, answers.Count - index);
        var key = $"q{index + 1}";
        string? error = null;
        if (isOpen && _params.InputResponses?.TryGetValue(key, out var response) is true)
        {
            error = ReplyReader.TryRead(response, question, check, out var reply);
            if (reply is not null)
            {
                answers.Add(reply);
                _conversation.InvalidAnswers = 0;
                return reply;
            }
        }

        ElicitationSupport.Require(_request, question.Params.Mode);
        _conversation.InvalidAnswers = error is null ? 0 : _conversation.InvalidAnswers + 1;
        if (_conversation.InvalidAnswers >= MaxInvalidAnswers)
        {
            throw new McpException($"No answer to \"{question.Params.Message}\" fits, after {MaxInvalidAnswers} of them. {error}");
        }

        if (_conversation.Round >= MaxRounds)
        {
            throw new McpException($"The user was asked {MaxRounds} times in one call: that is the limit. Start the call again.");
        }

        _conversation.Asked = question.Fingerprint;
        throw new InputRequiredException(new Dictionary<string, InputRequest> { [key] = InputRequest.ForElicitation(question.After(error).Params) });
    }

    private static Func<Dictionary<string, JsonElement>, string?> FieldsOf(ElicitRequestParams.RequestSchema schema) =>
        fields => FormFields.Validate(schema, fields);
}
